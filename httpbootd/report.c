/* SPDX-License-Identifier: ISC */
/* What machines report of their boot: a request's target to its words. */
#include "httpbootd/report.h"

#include <stdio.h>
#include <string.h>

#include "httpbootd/target.h"

#define PATH "/report?"

static bool
is_word(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* One `name=value' of the query, decoded; unknown names are for others. */
static bool
take(struct report *r, const char *pair, size_t len)
{
	const struct {
		const char *name;
		char *value;
		size_t size;
	} fields[] = {
		{ "stage=", r->stage, sizeof(r->stage) },
		{ "state=", r->state, sizeof(r->state) },
		{ "why=", r->why, sizeof(r->why) },
	};
	size_t i, n;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		n = strlen(fields[i].name);
		if (len >= n && strncmp(pair, fields[i].name, n) == 0)
			return query_decode(pair + n, len - n,
			    fields[i].value, fields[i].size);
	}
	return true;
}

enum report_kind
report_parse(struct report *r, const char *target)
{
	const char *pair;
	size_t len;

	memset(r, 0, sizeof(*r));
	target = target_path(target);
	if (target == NULL || strncmp(target, PATH, strlen(PATH)) != 0)
		return REPORT_NONE;
	for (pair = target + strlen(PATH); *pair != '\0'; pair += len) {
		pair += *pair == '&';
		len = strcspn(pair, "&#");
		if (!take(r, pair, len))
			return REPORT_BAD;
		if (pair[len] == '#')
			break;
	}
	return is_word(r->stage) && is_word(r->state) ? REPORT_GOOD :
	    REPORT_BAD;
}

enum reason
report_decide(enum report_kind kind, const struct request *r, bool known,
    bool allowed)
{
	/* HEAD would be told what GET is, and must change nothing. */
	if (!request_is_get(r) && !request_is_post(r))
		return REASON_METHOD;
	if (kind == REPORT_BAD)
		return REASON_BAD_REPORT;
	if (!known)
		return REASON_STRANGER;
	return allowed ? REASON_NOTED : REASON_OFTEN;
}

const char *
report_fact(const struct report *r, char line[REPORT_FACT])
{
	char *p;

	snprintf(line, REPORT_FACT, "%s %s%s%s", r->stage, r->state,
	    *r->why == '\0' ? "" : " ", r->why);
	for (p = line; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	return line;
}

bool
report_allowed(struct report_budget *budget, const struct mac *mac,
    int64_t now_ms)
{
	const unsigned place = (mac->octet[4] * 256u + mac->octet[5]) %
	    REPORT_PLACES;

	if (budget->place[place].n == 0 ||
	    now_ms - budget->place[place].since_ms >= REPORT_SPAN_MS) {
		budget->place[place].since_ms = now_ms;
		budget->place[place].n = 0;
	}
	if (budget->place[place].n >= REPORT_BURST)
		return false;
	budget->place[place].n++;
	return true;
}
