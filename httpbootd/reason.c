/* SPDX-License-Identifier: ISC */
/* Why a request was answered as it was: names, words, status codes. */
#include "httpbootd/reason.h"

#include <errno.h>

/*
 * A path that leads nowhere is 404 whatever the trick, so that an answer does
 * not tell what lies outside pub/; 400 is for what is no path at all.
 */
static const struct {
	const char *name, *words;
	unsigned status;
} reasons[] = {
	[REASON_WHOLE] = { "whole", "the whole file", 200 },
	[REASON_PART] = { "part", "one range of the file", 206 },
	[REASON_NOT_MODIFIED] = { "not-modified",
	    "the client has the current file", 304 },
	[REASON_METHOD] = { "method", "only GET and HEAD are served", 405 },
	[REASON_NOTED] = { "noted", "a report, for seen/", 200 },
	[REASON_BAD_REPORT] = { "bad-report",
	    "a report has a stage and a state, each a word", 400 },
	[REASON_STRANGER] = { "stranger",
	    "nobody knows whose address this is", 404 },
	[REASON_OFTEN] = { "often", "too many reports; later again", 503 },
	[REASON_TARGET_FORM] = { "target-form",
	    "the request names no path", 400 },
	[REASON_BAD_ESCAPE] = { "bad-escape",
	    "a percent sign without two hex digits", 400 },
	[REASON_NUL] = { "nul", "a NUL in the name", 400 },
	[REASON_TOO_LONG] = { "too-long", "the name is too long", 414 },
	[REASON_DOT_DOT] = { "dot-dot", "`..' in the path", 404 },
	[REASON_HIDDEN] = { "hidden",
	    "names that begin with a dot are not served", 404 },
	[REASON_FOLDER] = { "folder", "folders are not listed", 404 },
	[REASON_NOT_FOUND] = { "not-found", "no such file", 404 },
	[REASON_LEADS_OUT] = { "leads-out",
	    "the path leads out of pub/", 404 },
	[REASON_PRIVATE] = { "private",
	    "the file is not world-readable", 404 },
	[REASON_SPENT] = { "spent",
	    "it was given already in this boot", 404 },
	[REASON_NOT_A_FILE] = { "not-a-file", "not a regular file", 404 },
	[REASON_BAD_NAME] = { "bad-name", "not a usable file name", 404 },
	[REASON_PRECONDITION] = { "precondition",
	    "the file is not the one that was asked for", 412 },
	[REASON_RANGE] = { "range", "the range lies past the file's end", 416 },
	[REASON_SYSTEM] = { "system-error", "the server cannot read it", 500 },
	[REASON_BUSY] = { "busy", "the server is busy; ask again", 503 },
};

static const struct {
	unsigned status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 206, "Partial Content" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 412, "Precondition Failed" },
	{ 414, "URI Too Long" },
	{ 416, "Range Not Satisfiable" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

const char *
reason_words(enum reason reason)
{
	return reasons[reason].words;
}

unsigned
reason_status(enum reason reason)
{
	return reasons[reason].status;
}

const char *
status_phrase(unsigned status)
{
	size_t i;

	for (i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

bool
reason_is_report(enum reason reason)
{
	return reason >= REASON_NOTED && reason <= REASON_OFTEN;
}

enum reason
reason_from_pub(enum pub_answer answer, int error)
{
	switch (answer) {
	case PUB_OK:
		return REASON_WHOLE;
	case PUB_NOT_FOUND:
		return REASON_NOT_FOUND;
	case PUB_LEADS_OUT:
		return REASON_LEADS_OUT;
	case PUB_PRIVATE:
		return REASON_PRIVATE;
	case PUB_SPENT:
		return REASON_SPENT;
	case PUB_NOT_A_FILE:
		return REASON_NOT_A_FILE;
	case PUB_BAD_NAME:
		return REASON_BAD_NAME;
	case PUB_SYSTEM_ERROR:
		break;
	}
	/* Too many open files pass; a broken disk does not. */
	if (error == EMFILE || error == ENFILE || error == ENOMEM)
		return REASON_BUSY;
	return REASON_SYSTEM;
}
