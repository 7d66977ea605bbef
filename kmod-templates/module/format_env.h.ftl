<#include "/idioms.ftl">
/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the format rooms (copies, superblock, records) need from their
 * surroundings. They use nothing else, so that the same files also compile in
 * user space, where they are unit-tested and fuzzed.
 */
#ifndef HOLDFAST_FORMAT_ENV_H
#define HOLDFAST_FORMAT_ENV_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/compiler.h>
<#if kernel.fact("crc32c") == "crc32c">
#include <linux/crc32c.h>
<#else>
#include <linux/crc32.h>
</#if>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

static inline u32 holdfast_crc32c(u32 crc, const void *data, size_t length)
{
	return ${crc32c}(crc, data, length);
}

<#if options.has("fault-injection")>
/* fault.c; called after every store that the format counts on being in order */
void holdfast_fault_step(void);

</#if>
/* One store, done once, that is never torn. */
static inline void holdfast_store_le32(__le32 *at, __le32 value)
{
	WRITE_ONCE(*at, value);
<#if options.has("fault-injection")>
	holdfast_fault_step();
</#if>
}

/* Many stores, in any order; a stop may come between any two of them. */
static inline void holdfast_store_bytes(void *at, const void *from,
					size_t length)
{
<#if options.has("fault-injection")>
	size_t half = length / 2;

	memcpy(at, from, half);
	holdfast_fault_step();
	memcpy(at + half, from + half, length - half);
	holdfast_fault_step();
<#else>
	memcpy(at, from, length);
</#if>
}

/* Stores before it are in memory before stores after it. */
static inline void holdfast_store_barrier(void)
{
	/* The reader is the next kernel, or this one after a mount. */
	smp_wmb();
<#if options.has("fault-injection")>
	holdfast_fault_step();
</#if>
}

#else
#include "format_env_user.h"
#endif

#endif
