/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_FETCHTFTP_H
#define MKBOOT_INIT_FETCHTFTP_H

#include "mkboot/init/fetch.h"

/* fetch_from() for a file that comes by TFTP. */
enum fetch_result fetch_tftp(struct fetch *, const union address *server);

#endif
