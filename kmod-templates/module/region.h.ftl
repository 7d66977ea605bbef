/* SPDX-License-Identifier: GPL-2.0-only */
/* The physical ranges of a region: claimed, and mapped write-back. */
#ifndef HOLDFAST_REGION_H
#define HOLDFAST_REGION_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct holdfast_region - a physical range that belongs to this module
 * @base: physical address, in bytes
 * @size: size, in bytes
 * @memory: the range, mapped write-back
 * @next: the next range of the same region, or NULL; the first range is the
 *	lowest, the others are in the order in which they were added
 */
struct holdfast_region {
	u64 base;
	u64 size;
	void *memory;
	struct holdfast_region *next;
};

/*
 * Kernel address of an offset in the region, which is a physical address less
 * the base of its first range. One of its ranges has it.
 */
static inline void *holdfast_region_at(const struct holdfast_region *region,
				       u64 offset)
{
	u64 address = region->base + offset;

	while (address - region->base >= region->size)
		region = READ_ONCE(region->next);
	return region->memory + (address - region->base);
}

/* How large all ranges of a region are, in bytes. */
static inline u64 holdfast_region_size(const struct holdfast_region *region)
{
	u64 size = 0;

	for (; region; region = READ_ONCE(region->next))
		size += region->size;
	return size;
}

int holdfast_region_claim(struct holdfast_region *region, u64 base, u64 size);
void holdfast_region_release(struct holdfast_region *region);
struct holdfast_region *holdfast_region_further(u64 base, u64 size);
void holdfast_region_append(struct holdfast_region *region,
			    struct holdfast_region *further);
void holdfast_region_drop(struct holdfast_region *further);
bool holdfast_region_is_memory(u64 base, u64 size);
u32 holdfast_region_node(u64 base);

#endif
