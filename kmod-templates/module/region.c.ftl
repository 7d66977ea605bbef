<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "format.h"
#include "region.h"

static int check_geometry(u64 base, u64 size)
{
	if (size < HOLDFAST_REGION_MIN_SIZE) {
		pr_err("0x%llx+0x%llx: refused: too small, need at least 0x%llx\n",
		       base, size, HOLDFAST_REGION_MIN_SIZE);
		return -EINVAL;
	}
	if ((base | size) % HOLDFAST_REGION_ALIGN) {
		pr_err("0x%llx+0x%llx: refused: base and size must be multiples of 0x%llx\n",
		       base, size, HOLDFAST_REGION_ALIGN);
		return -EINVAL;
	}
	if (base + size <= base || base + size - 1 > PHYS_ADDR_MAX) {
		pr_err("0x%llx+0x%llx: refused: beyond the end of memory\n",
		       base, size);
		return -EINVAL;
	}
	return 0;
}

static int add_size(struct resource *part, void *total)
{
	*(u64 *)total += resource_size(part);
	return 0;
}

/* The kernel must have been told to leave the whole range alone. */
static int check_reserved(u64 base, u64 size)
{
	u64 reserved = 0;

	if (region_intersects(base, size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("0x%llx+0x%llx: refused: overlaps System RAM, boot with memmap=0x%llx$0x%llx\n",
		       base, size, size, base);
		return -EADDRNOTAVAIL;
	}
	walk_iomem_res_desc(IORES_DESC_RESERVED, IORESOURCE_MEM, base,
			    base + size - 1, &reserved, add_size);
	if (reserved != size) {
		pr_err("0x%llx+0x%llx: refused: not reserved, boot with memmap=0x%llx$0x%llx\n",
		       base, size, size, base);
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/**
 * holdfast_region_claim() - take a physical range
 * @region: filled in on success
 * @base: physical address, in bytes
 * @size: size, in bytes
 *
 * The write-back mapping is held as long as the claim: without it, x86 would
 * make every user mapping of the range uncached.
 *
 * Return: 0, -EINVAL (alignment or size), -EADDRNOTAVAIL (overlaps System RAM
 * or is not reserved), -EBUSY (claimed by somebody), -ENOMEM. All of it is said
 * in the kernel log.
 */
int holdfast_region_claim(struct holdfast_region *region, u64 base, u64 size)
{
	int err;

	err = check_geometry(base, size);
	if (err)
		return err;
	err = check_reserved(base, size);
	if (err)
		return err;

	if (!request_mem_region(base, size, KBUILD_MODNAME)) {
		pr_err("0x%llx+0x%llx: refused: already claimed, see /proc/iomem\n",
		       base, size);
		return -EBUSY;
	}
	region->memory = memremap(base, size, MEMREMAP_WB);
	if (!region->memory) {
		pr_err("0x%llx+0x%llx: refused: cannot be mapped\n", base, size);
		release_mem_region(base, size);
		return -ENOMEM;
	}
	region->base = base;
	region->size = size;
	region->next = NULL;
	return 0;
}

static void give_up(struct holdfast_region *range)
{
	memunmap(range->memory);
	release_mem_region(range->base, range->size);
}

/**
 * holdfast_region_release() - give all ranges of a region up
 * @region: a claimed region, or one that is all zeros
 */
void holdfast_region_release(struct holdfast_region *region)
{
	struct holdfast_region *further, *next;

	if (!region->memory)
		return;
	for (further = region->next; further; further = next) {
		next = further->next;
		holdfast_region_drop(further);
	}
	give_up(region);
	region->memory = NULL;
	region->next = NULL;
}

/**
 * holdfast_region_further() - take one more physical range
 * @base: physical address, in bytes
 * @size: size, in bytes
 *
 * Return: the range, to be appended or dropped, or a negative errno as of
 * holdfast_region_claim().
 */
struct holdfast_region *holdfast_region_further(u64 base, u64 size)
{
	struct holdfast_region *further;
	int err;

	further = ${object("kzalloc", "further")};
	if (!further)
		return ERR_PTR(-ENOMEM);
	err = holdfast_region_claim(further, base, size);
	if (err) {
		kfree(further);
		return ERR_PTR(err);
	}
	return further;
}

/**
 * holdfast_region_append() - make a range one of a region
 * @region: the region; nobody else changes it, but it may be in use
 * @further: the range, above the first of the region
 */
void holdfast_region_append(struct holdfast_region *region,
			    struct holdfast_region *further)
{
	while (region->next)
		region = region->next;
	/* Pairs with holdfast_region_at(), which only follows the pointer. */
	smp_store_release(&region->next, further);
}

/**
 * holdfast_region_drop() - give a range up that was not appended
 * @further: the range
 */
void holdfast_region_drop(struct holdfast_region *further)
{
	give_up(further);
	kfree(further);
}
