/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_REPORT_H
#define HTTPBOOTD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/mac.h"
#include "httpbootd/reason.h"
#include "httpbootd/request.h"

/*
 * How far a machine's boot got, which it says by a request of its own:
 * /report?stage=root&state=failed&why=no%20such%20export
 */
#define REPORT_WORD 32		/* stage and state, each with its NUL */
#define REPORT_WHY 200		/* the rest is cut off */

struct report {
	char stage[REPORT_WORD];	/* letters, digits, `.', `_', `-' */
	char state[REPORT_WORD];
	char why[REPORT_WHY];		/* any octets but NUL; may be empty */
};

enum report_kind {
	REPORT_NONE,		/* the target is no report, but a file's */
	REPORT_GOOD,
	REPORT_BAD		/* one without stage or state, or ill-formed */
};

enum report_kind report_parse(struct report *, const char *target);

#define REPORT_FACT (2 * REPORT_WORD + REPORT_WHY)

/*
 * "STAGE STATE WHY" on one line, for seen/MAC/stage: what is no printable
 * ASCII becomes `?'.  Returns `line'.
 */
const char *report_fact(const struct report *, char line[REPORT_FACT]);

/*
 * How often machines may report: REPORT_BURST times in REPORT_SPAN_MS.  A
 * few hundred are remembered; who shares a place shares what is allowed.
 */
#define REPORT_BURST 32
#define REPORT_SPAN_MS 10000
#define REPORT_PLACES 512

struct report_budget {
	struct {
		int64_t since_ms;
		unsigned n;
	} place[REPORT_PLACES];
};

/*
 * What becomes of a report by this request: REASON_NOTED, or why not.  `known':
 * it is known whose address it came from; `allowed': and it came not too often.
 */
enum reason report_decide(enum report_kind, const struct request *,
    bool known, bool allowed);

bool report_allowed(struct report_budget *, const struct mac *,
    int64_t now_ms);

#endif
