/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_TEXT_H
#define PROXYDHCPD_TEXT_H

#include <stddef.h>

/* Lines for people, in a buffer of their own.  What does not fit is cut. */
struct text {
	char *start;
	size_t size, len;	/* octets there are, and written but the NUL */
};

void text_init(struct text *, char *start, size_t size);
void text_put(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));
void text_put_hex(struct text *, const void *, size_t len);
/* A client's octets in quotes, through log_escape(). */
void text_put_quoted(struct text *, const void *, size_t len);

#endif
