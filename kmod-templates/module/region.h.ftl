/* SPDX-License-Identifier: GPL-2.0-only */
/* The physical range of a region: claimed, and mapped write-back. */
#ifndef HOLDFAST_REGION_H
#define HOLDFAST_REGION_H

#include <linux/types.h>

/**
 * struct holdfast_region - a physical range that belongs to this module
 * @base: physical address, in bytes
 * @size: size, in bytes
 * @memory: the range, mapped write-back
 */
struct holdfast_region {
	u64 base;
	u64 size;
	void *memory;
};

/* Kernel address of an offset in the region. */
static inline void *holdfast_region_at(const struct holdfast_region *region,
				       u64 offset)
{
	return region->memory + offset;
}

int holdfast_region_claim(struct holdfast_region *region, u64 base, u64 size);
void holdfast_region_release(struct holdfast_region *region);
<#if options.has("raw-device")>
bool holdfast_region_is_memory(u64 base, u64 size);
</#if>

#endif
