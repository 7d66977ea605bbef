// SPDX-License-Identifier: Apache-2.0
/*
 * An init that does nothing: it says on the channel that it is there, as the
 * harness's own init does first, and waits for the end.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#define NONCE	"holdfast.nonce="

int main(void)
{
	char line[4096] = "", *nonce;
	struct termios raw;
	int channel, given;

	mknod("/dev/ttyS1", S_IFCHR | 0600, makedev(4, 65));
	channel = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	tcgetattr(channel, &raw);
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL;
	tcsetattr(channel, TCSANOW, &raw);

	mount("none", "/proc", "proc", 0, NULL);
	given = open("/proc/cmdline", O_RDONLY);
	read(given, line, sizeof(line) - 1);
	nonce = strstr(line, NONCE);
	if (nonce)
		dprintf(channel, "@%s stage init 0.00\n", strtok(nonce + strlen(NONCE), " \n"));
	for (;;)
		pause();
}
