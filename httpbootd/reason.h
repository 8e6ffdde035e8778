/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_REASON_H
#define HTTPBOOTD_REASON_H

#include <stdbool.h>

#include "common/bootdir.h"

/* Why a request was answered as it was.  Each has one status code. */
enum reason {
	REASON_WHOLE,		/* the whole file; nothing stands against it */
	REASON_PART,		/* one range of it */
	REASON_NOT_MODIFIED,	/* the client's copy is current */
	REASON_METHOD,		/* neither GET nor HEAD */
	/* The request is a report: httpbootd/report.h. */
	REASON_NOTED,
	REASON_BAD_REPORT,
	REASON_STRANGER,
	REASON_OFTEN,
	/* The request's target names no file. */
	REASON_TARGET_FORM,
	REASON_BAD_ESCAPE,
	REASON_NUL,
	REASON_TOO_LONG,
	REASON_DOT_DOT,
	REASON_HIDDEN,
	REASON_FOLDER,
	/* The file system says no: common/bootdir.h. */
	REASON_NOT_FOUND,
	REASON_LEADS_OUT,
	REASON_PRIVATE,
	REASON_SPENT,		/* once a boot, and it was */
	REASON_NOT_A_FILE,
	REASON_BAD_NAME,
	/* There is such a file, but not on the client's terms. */
	REASON_PRECONDITION,
	REASON_RANGE,
	/* The server's own trouble. */
	REASON_SYSTEM,
	REASON_BUSY
};

/* One word for logs: "whole", "not-found", "dot-dot", ... */
const char *reason_name(enum reason);
/* For the person at the machine's screen. */
const char *reason_words(enum reason);
/* The HTTP status code. */
unsigned reason_status(enum reason);
/* "Not Found": RFC 9110 section 15, for the codes that reasons have. */
const char *status_phrase(unsigned status);

/* Is it a report's, not a file's? */
bool reason_is_report(enum reason);
/* What pub_open() said, errno being `error'; PUB_OK is REASON_WHOLE. */
enum reason reason_from_pub(enum pub_answer, int error);

#endif
