/* SPDX-License-Identifier: ISC */
/* BOOTPARAM: arguments from octets, results to octets. */
#include "nfsroot-helper/bootparam.h"

#include <arpa/inet.h>

#include <string.h>

#define IP_ADDR_TYPE 1

static const char *const proc_names[BOOTPARAM_NPROCS] = {
	"NULL", "WHOAMI", "GETFILE",
};

const char *
bootparam_proc_name(enum bootparam_proc proc)
{
	return proc_names[proc];
}

/*
 * An address is four XDR characters, each a whole int: 192 is sent as 192 by
 * BSD's kernels, as -64 by those whose compiler's characters have a sign.
 */
static struct in_addr
get_address(struct wire_in *in)
{
	uint32_t value, host = 0;
	unsigned i;

	if (wire_get_n32(in) != IP_ADDR_TYPE)
		in->bad = true;
	for (i = 0; i < 4; i++) {
		value = wire_get_n32(in);
		if (value > 0xff && value < 0xffffff80)
			in->bad = true;
		host = host << 8 | (value & 0xff);
	}
	return (struct in_addr){ htonl(host) };
}

static void
put_address(struct wire_out *out, struct in_addr address)
{
	const uint32_t host = ntohl(address.s_addr);

	wire_put_n32(out, IP_ADDR_TYPE);
	wire_put_n32(out, host >> 24);
	wire_put_n32(out, host >> 16 & 0xff);
	wire_put_n32(out, host >> 8 & 0xff);
	wire_put_n32(out, host & 0xff);
}

bool
bootparam_parse(struct bootparam_args *args, enum bootparam_proc proc,
    const void *data, size_t len)
{
	struct wire_in in;

	memset(args, 0, sizeof(*args));
	wire_in_init(&in, data, len);
	if (proc == BOOTPARAM_WHOAMI)
		args->address = get_address(&in);
	if (proc == BOOTPARAM_GETFILE) {
		args->client = xdr_get_opaque(&in, BOOTPARAM_NAME_MAX);
		args->file = xdr_get_opaque(&in, BOOTPARAM_FILE_MAX);
	}
	if (in.bad)
		memset(args, 0, sizeof(*args));
	return !in.bad;
}

void
bootparam_put_whoami(struct wire_out *out, const char *name,
    const char *domain, struct in_addr router)
{
	xdr_put_opaque(out, name, strlen(name));
	xdr_put_opaque(out, domain, strlen(domain));
	put_address(out, router);
}

void
bootparam_put_file(struct wire_out *out, const char *server,
    struct in_addr address, const char *path)
{
	xdr_put_opaque(out, server, strlen(server));
	put_address(out, address);
	xdr_put_opaque(out, path, strlen(path));
}

const char *
bootparam_place(const char *line, struct in_addr *server)
{
	const char *slash = strchr(line, '/');
	char text[INET_ADDRSTRLEN];
	size_t len;

	if (slash == NULL || strlen(slash) > BOOTPARAM_PATH_MAX)
		return NULL;
	len = (size_t)(slash - line);
	if (len == 0)
		return slash;
	if (line[--len] != ':' || len >= sizeof(text))
		return NULL;
	memcpy(text, line, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, server) == 1 ? slash : NULL;
}

bool
bootparam_key(struct xdr_span span, char key[BOOTPARAM_FILE_MAX + 1])
{
	if (span.len == 0 || span.len > BOOTPARAM_FILE_MAX ||
	    span.data[0] == '.' || memchr(span.data, '/', span.len) != NULL ||
	    memchr(span.data, '\0', span.len) != NULL)
		return false;
	memcpy(key, span.data, span.len);
	key[span.len] = '\0';
	return true;
}
