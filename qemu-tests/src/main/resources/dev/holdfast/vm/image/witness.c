// SPDX-License-Identifier: Apache-2.0
/*
 * The only program of a Linux guest, which notices whatever goes wrong with it.
 * One process lets a chain of hashes grow in memory. The other, init, looks at
 * the chain, at a tmpfs full of files, at the clocks and at the kernel's log, and
 * says on the virtio console what it saw, a line each time: LinuxGuest.java
 * reads it. What it is told there it says back, when it has looked at all files.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define FACTOR		0x9e3779b97f4a7c15UL
#define LINKS		(1UL << 21)	/* of the chain, the last ones; 16 MiB */
#define LINKS_A_TURN	256
#define LOOKED_AGAIN	(1UL << 14)
#define FILES		256
#define FILE_WORDS	4096		/* 32 KiB */

struct chain {
	volatile uint64_t length;
	volatile uint64_t links[LINKS];
};

static int console;
static uint64_t generation[FILES];

static void die(const char *what)
{
	fprintf(stderr, "witness: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void nap(long milliseconds)
{
	struct timespec time = { 0, milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static uint64_t next(uint64_t link, uint64_t number)
{
	return (link ^ number) * FACTOR;
}

static void grow(struct chain *chain)
{
	uint64_t link = 0, number = 0;

	for (;;) {
		int turn;

		for (turn = 0; turn < LINKS_A_TURN; turn++) {
			number++;
			link = next(link, number);
			chain->links[number % LINKS] = link;
		}
		chain->length = number;
		nap(10);
	}
}

/* How many links in between do not follow from the one before; the first has none before it. */
static uint64_t broken(struct chain *chain, uint64_t from, uint64_t end)
{
	uint64_t number, count = 0;

	for (number = from; number <= end; number++) {
		uint64_t before = number == 1 ? 0 : chain->links[(number - 1) % LINKS];

		if (chain->links[number % LINKS] != next(before, number))
			count++;
	}
	return count;
}

/* All that is new, and some of what is old: not what is about to be written over. */
static uint64_t look(struct chain *chain, uint64_t *seen, uint64_t *again)
{
	uint64_t length = chain->length;
	uint64_t oldest = length > LINKS / 2 ? length - LINKS / 2 : 1;
	uint64_t count = broken(chain, *seen + 1, length);

	if (*again < oldest || *again + LOOKED_AGAIN > length)
		*again = oldest;
	if (*again + LOOKED_AGAIN < length)
		count += broken(chain, *again, *again + LOOKED_AGAIN);
	*again += LOOKED_AGAIN;
	*seen = length;
	return count;
}

static void name(char *out, size_t size, int file)
{
	snprintf(out, size, "/tmp/file-%03d", file);
}

static void fill(uint64_t *words, int file)
{
	int word;

	for (word = 0; word < FILE_WORDS; word++)
		words[word] = next(generation[file] << 32 | file, word);
}

static void write_file(int file)
{
	static uint64_t words[FILE_WORDS];
	char path[64];
	int fd;

	generation[file]++;
	fill(words, file);
	name(path, sizeof(path), file);
	fd = open("/tmp/new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, words, sizeof(words)) != sizeof(words) || close(fd))
		die("/tmp/new");
	if (rename("/tmp/new", path))
		die(path);
}

static int is_whole(int file)
{
	static uint64_t is[FILE_WORDS], should[FILE_WORDS];
	char path[64];
	int fd, whole;

	name(path, sizeof(path), file);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	fill(should, file);
	whole = read(fd, is, sizeof(is)) == sizeof(is) && !memcmp(is, should, sizeof(is));
	close(fd);
	return whole;
}

static uint64_t milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the kernel has said since, each line with a word before it. */
static void repeat_log(int log)
{
	char record[1024];
	ssize_t length;

	while ((length = read(log, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		if (length > 0) {
			record[length] = 0;
			dprintf(console, "log %.*s\n", (int)strcspn(record, "\n"), record);
		}
	}
}

/* Before it answers it looks at all files; says how many are not whole. */
static uint64_t echo(void)
{
	char text[256];
	ssize_t length = read(console, text, sizeof(text) - 1);
	uint64_t torn = 0;
	int file;

	if (length > 0) {
		for (file = 0; file < FILES; file++)
			torn += !is_whole(file);
		text[length] = 0;
		dprintf(console, "echo %s\n", text);
	}
	return torn;
}

static void watch(struct chain *chain, int log)
{
	static const clockid_t clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME };
	uint64_t last[3] = { 0 }, back = 0, leap = 0, torn = 0, wrong = 0, seen = 0, again = 1;
	int round, clock;

	for (round = 0;; round++) {
		wrong += look(chain, &seen, &again);
		torn += !is_whole(round % FILES);
		write_file((round + FILES / 2) % FILES);
		for (clock = 0; clock < 3; clock++) {
			uint64_t now = milliseconds(clocks[clock]);

			if (now < last[clock])
				back++;
			else if (last[clock] && now - last[clock] > leap)
				leap = now - last[clock];
			last[clock] = now;
		}
		repeat_log(log);
		torn += echo();
		dprintf(console, "round %d links %lu last %016lx wrong %lu torn %lu back %lu leap %lu clock %lu\n",
			round, seen, chain->links[seen % LINKS], wrong, torn, back, leap, last[0]);
		nap(100);
	}
}

static void load_modules(void)
{
	FILE *list = fopen("/modules.list", "r");
	char path[256];

	if (!list)
		die("/modules.list");
	while (fgets(path, sizeof(path), list)) {
		int fd, packed;

		path[strcspn(path, "\n")] = 0;
		fd = open(path, O_RDONLY);
		packed = strstr(path, ".ko.") ? MODULE_INIT_COMPRESSED_FILE : 0;
		if (fd < 0 || syscall(SYS_finit_module, fd, "", packed))
			die(path);
		close(fd);
	}
	fclose(list);
}

/* Its driver may be about to find it. */
static int open_console(void)
{
	int tries, fd = -1;

	for (tries = 0; tries < 500 && fd < 0; tries++) {
		nap(10);
		fd = open("/dev/hvc0", O_RDWR | O_NONBLOCK | O_NOCTTY);
	}
	if (fd < 0)
		die("/dev/hvc0");
	return fd;
}

int main(void)
{
	struct termios raw;
	struct chain *chain;
	int file, log;

	if (mount("none", "/dev", "devtmpfs", 0, "") || mount("none", "/tmp", "tmpfs", 0, ""))
		die("mount");
	load_modules();
	console = open_console();
	tcgetattr(console, &raw);
	cfmakeraw(&raw);
	tcsetattr(console, TCSANOW, &raw);
	chain = mmap(NULL, sizeof(*chain), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (chain == MAP_FAILED)
		die("mmap");
	for (file = 0; file < FILES; file++)
		write_file(file);
	log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (log < 0)
		die("/dev/kmsg");
	lseek(log, 0, SEEK_END);
	if (!fork())
		grow(chain);
	watch(chain, log);
}
