/* SPDX-License-Identifier: ISC */
/* Whose packet is this? */
#include "tftpd/peers.h"

void
peers_open(struct peers *peers)
{
	size_t i;

	for (i = 0; i < PEERS_BUCKETS; i++)
		LIST_INIT(&peers->bucket[i]);
	peers->n = 0;
}

struct session *
peers_find(const struct peers *peers, const union address *client)
{
	const uint32_t hash = port_hash(client);
	struct session *s;

	LIST_FOREACH(s, &peers->bucket[hash % PEERS_BUCKETS], by_peer)
		if (address_equal(&s->way.peer.sa, &client->sa))
			return s;
	return NULL;
}

void
peers_add(struct peers *peers, struct session *s)
{
	const uint32_t hash = port_hash(&s->way.peer);

	LIST_INSERT_HEAD(&peers->bucket[hash % PEERS_BUCKETS], s, by_peer);
	peers->n++;
}

void
peers_remove(struct peers *peers, struct session *s)
{
	LIST_REMOVE(s, by_peer);
	peers->n--;
}

struct session *
peers_first(const struct peers *peers)
{
	size_t i;

	for (i = 0; i < PEERS_BUCKETS; i++)
		if (!LIST_EMPTY(&peers->bucket[i]))
			return LIST_FIRST(&peers->bucket[i]);
	return NULL;
}
