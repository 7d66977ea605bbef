/* SPDX-License-Identifier: Apache-2.0 */
/* What all programs that measure need. */
#ifndef MEASURE_H
#define MEASURE_H

#define KIB	1024UL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define PAGE	(4 * KIB)

/* End: this call failed there. */
void fail(const char *what, const char *where);

/* Time, in microseconds. */
double now(void);

/* A number of KiB that the kernel tells on a line of its own. */
long kibibytes(const char *file, const char *line);

/*
 * Memory that is free once what can be given back has been, in KiB: the pages
 * that the processor keeps at hand are free too, and /proc/meminfo leaves them out.
 */
long free_memory(void);

#endif
