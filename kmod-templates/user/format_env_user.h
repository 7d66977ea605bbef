/* SPDX-License-Identifier: GPL-2.0-only */
/* The format rooms' surroundings in user space: see format_env.h. */
#ifndef HOLDFAST_FORMAT_ENV_USER_H
#define HOLDFAST_FORMAT_ENV_USER_H

#include <assert.h>
#include <endian.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define le32_to_cpu(value)	le32toh(value)
#define le64_to_cpu(value)	le64toh(value)
#define cpu_to_le32(value)	htole32(value)
#define cpu_to_le64(value)	htole64(value)

/*
 * A test stops the machine by a longjmp to format_stop, when so many of the
 * stores that the format counts on being in order were done; never if negative.
 */
extern jmp_buf format_stop;
extern long format_stores_left;

void format_before_store(void);

#define barrier()	__asm__ volatile("" : : : "memory")

u32 holdfast_crc32c(u32 crc, const void *data, size_t length);

static inline void holdfast_store_le32(__le32 *at, __le32 value)
{
	format_before_store();
	*at = value;
}

static inline void holdfast_store_bytes(void *at, const void *from,
					size_t length)
{
	size_t half = length / 2;

	format_before_store();
	memcpy(at, from, half);
	format_before_store();
	memcpy(at + half, from + half, length - half);
}

static inline void holdfast_store_barrier(void)
{
	format_before_store();
}

#endif
