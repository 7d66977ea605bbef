<#include "/idioms.ftl">
<#if devicePages>
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Struct pages for the memory of a region, in compounds as large as its ranges
 * allow: all tails of a compound share one page of struct pages, so that 1 GiB
 * costs 8 KiB, and 32 KiB of page tables for them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "pages.h"

static unsigned int largest_order(const struct holdfast_region *region)
{
	unsigned int shift = PUD_SHIFT;

	for (; region; region = region->next)
		shift = min_t(unsigned int, shift,
			      __ffs64(region->base | region->size));
	return shift - PAGE_SHIFT;
}

static unsigned int count_of(const struct holdfast_region *region)
{
	unsigned int count = 0;

	for (; region; region = region->next)
		count++;
	return count;
}

static struct page *page_at(u64 address)
{
	return pfn_to_page(PHYS_PFN(address));
}

/*
 * The kernel does no more about a page that this has answered for: it neither
 * looks for who has it mapped, nor marks its struct page, which is that of many.
 * So the answer is never -EOPNOTSUPP.
 */
static int on_error(struct dev_pagemap *map, unsigned long frame,
		    unsigned long count, int flags)
{
	struct holdfast_pages *pages = container_of(map, struct holdfast_pages,
						    map);
	int err = 0;

	mutex_lock(&pages->telling);
	if (!pages->lost)
		err = -ENODEV;
	for (; count && !err; count--, frame++)
		err = pages->lost(pages->who, PFN_PHYS(frame));
	mutex_unlock(&pages->telling);
	return err;
}

static const struct dev_pagemap_ops operations = {
	.memory_failure	= on_error,
};

/**
 * holdfast_pages_make() - give the memory of a region struct pages
 * @region: the region, claimed with all its ranges
 *
 * Return: the struct pages, or an error pointer: -ENOMEM, or what the kernel
 * says. It is said in the kernel log.
 */
struct holdfast_pages *holdfast_pages_make(const struct holdfast_region *region)
{
	unsigned int count = count_of(region), i;
	const struct holdfast_region *range = region;
	struct holdfast_pages *pages;
	void *memory;

	pages = kzalloc(struct_size(pages, map.ranges, count), GFP_KERNEL);
	if (!pages)
		return ERR_PTR(-ENOMEM);
<#if countedPages>
	init_rwsem(&pages->mapping);
</#if>
	mutex_init(&pages->telling);
	pages->map.type = MEMORY_DEVICE_GENERIC;
	pages->map.ops = &operations;
	pages->map.vmemmap_shift = largest_order(region);
	pages->map.nr_range = count;
	for (i = 0; i < count; i++, range = range->next) {
		pages->map.ranges[i].start = range->base;
		pages->map.ranges[i].end = range->base + range->size - 1;
	}
	memory = memremap_pages(&pages->map, NUMA_NO_NODE);
	if (IS_ERR(memory)) {
		pr_err("0x%llx+0x%llx: refused: pages=device: no struct pages: %pe\n",
		       region->base, holdfast_region_size(region), memory);
		kfree(pages);
		return ERR_CAST(memory);
	}
	pages->unused = page_ref_count(page_at(region->base));
	pr_info("0x%llx+0x%llx: struct pages in compounds of %llu MiB\n",
		region->base, holdfast_region_size(region),
		holdfast_pages_compound(pages) / SZ_1M);
	return pages;
}

/**
 * holdfast_pages_unmake() - take the struct pages away
 * @pages: the struct pages; nobody uses any of them
 */
void holdfast_pages_unmake(struct holdfast_pages *pages)
{
	memunmap_pages(&pages->map);
	kfree(pages);
}

/**
 * holdfast_pages_tell() - tell somebody of memory errors from now on
 * @pages: the struct pages
 * @lost: what is told of each page, by its physical address, or NULL; it may
 *	sleep, and returns 0 if nobody is given that page any more
 * @who: its first argument
 *
 * When it returns, who was told before is not being told.
 */
void holdfast_pages_tell(struct holdfast_pages *pages,
			 int (*lost)(void *who, u64 address), void *who)
{
	mutex_lock(&pages->telling);
	pages->lost = lost;
	pages->who = who;
	mutex_unlock(&pages->telling);
}

/**
 * holdfast_pages_idle() - does nobody use memory beyond what is mapped?
 * @pages: the struct pages
 * @address: physical address; it is about the whole compound around it
 *
 * Who has taken memory out of all mappings before asks this to learn whether
 * somebody still has it pinned: a pipe, a device, an io_uring. References are
 * counted for a compound, not for a page.
 *
 * Return: true if so, also if that is about to change for what is mapped; false
 * if not, or if it cannot be told now.
 */
bool holdfast_pages_idle(struct holdfast_pages *pages, u64 address)
{
	struct folio *folio = page_folio(page_at(address));
<#if countedPages>
	int mapped, references;
	bool idle;

	/*
	 * Mapping takes a reference before it counts, unmapping drops it after:
	 * while nobody maps, a count that stands still is the count at the time
	 * when the references were read.
	 */
	if (!down_write_trylock(&pages->mapping))
		return false;
	mapped = folio_mapcount(folio);
	smp_mb(); /* the count, the references, the count again */
	references = folio_ref_count(folio);
	smp_mb(); /* as above */
	idle = folio_mapcount(folio) == mapped &&
	       references == pages->unused + mapped;
	up_write(&pages->mapping);
	return idle;
<#else>

	/* Who pins counts first, and looks at the page table afterwards. */
	smp_mb(); /* entries that were taken out, the count */
	return folio_ref_count(folio) == pages->unused;
</#if>
}
</#if>
