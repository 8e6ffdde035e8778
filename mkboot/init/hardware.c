/* SPDX-License-Identifier: ISC */
/* What devices the kernel has found, by the names that drivers ask for. */
#include "mkboot/init/hardware.h"

#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define MODALIAS_MAX 4096	/* sysfs shows a page at most */

static bool
read_modalias(const char *path, char text[MODALIAS_MAX])
{
	ssize_t n;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(fd, text, MODALIAS_MAX - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text[0] != '\0';
}

void
hardware_each(void (*each)(void *, const char *), void *context)
{
	char modalias[MODALIAS_MAX];
	glob_t found;
	size_t i;

	if (glob("/sys/bus/*/devices/*/modalias", 0, NULL, &found) != 0)
		return;
	for (i = 0; i < found.gl_pathc; i++)
		if (read_modalias(found.gl_pathv[i], modalias))
			each(context, modalias);
	globfree(&found);
}

/* Lines so far. */
struct list {
	char *text;
	size_t len;
};

static bool
has_line(const struct list *l, const char *line, size_t len)
{
	const char *at = l->text;

	while ((at = strstr(at, line)) != NULL) {
		if ((at == l->text || at[-1] == '\n') && at[len] == '\n')
			return true;
		at++;
	}
	return false;
}

static void
add_line(void *context, const char *modalias)
{
	const size_t len = strlen(modalias);
	struct list *l = context;

	if (l->len + len + 2 > HARDWARE_TEXT || has_line(l, modalias, len))
		return;
	memcpy(l->text + l->len, modalias, len);
	l->len += len;
	l->text[l->len++] = '\n';
	l->text[l->len] = '\0';
}

size_t
hardware_text(char text[HARDWARE_TEXT])
{
	struct list l = { .text = text };
	char modalias[MODALIAS_MAX];

	text[0] = '\0';
	/* Of no bus, and so of no use to hardware_each(): no card's driver. */
	if (read_modalias("/sys/devices/system/cpu/modalias", modalias))
		add_line(&l, modalias);
	hardware_each(add_line, &l);
	return l.len;
}
