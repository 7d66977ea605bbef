<#include "/idioms.ftl">
<#if devicePages>
/* SPDX-License-Identifier: GPL-2.0-only */
/* Struct pages for the memory of a region: page model "device". */
#ifndef HOLDFAST_PAGES_H
#define HOLDFAST_PAGES_H

#include <linux/memremap.h>
#include <linux/mutex.h>
<#if countedPages>
#include <linux/rwsem.h>
</#if>

#include "region.h"

/**
 * struct holdfast_pages - the struct pages of a region
 * @unused: references that a compound has while nobody uses its memory
<#if countedPages>
 * @mapping: held, shared, by who maps a page, so that others can see that
 *	nobody does
</#if>
 * @telling: held while somebody is told of a memory error
 * @lost: who is told of them, or NULL; may sleep
 * @who: its first argument
 * @map: what the kernel knows of them; ends in a list of the ranges
 */
struct holdfast_pages {
	int unused;
<#if countedPages>
	struct rw_semaphore mapping; /* new entries in page tables */
</#if>
	struct mutex telling; /* lost, who */
	int (*lost)(void *who, u64 address);
	void *who;
	struct dev_pagemap map;
};

struct holdfast_pages *holdfast_pages_make(const struct holdfast_region *region);
void holdfast_pages_unmake(struct holdfast_pages *pages);
void holdfast_pages_tell(struct holdfast_pages *pages,
			 int (*lost)(void *who, u64 address), void *who);
bool holdfast_pages_idle(struct holdfast_pages *pages, u64 address);

/* Memory that one reference keeps, in bytes: references have no finer grain. */
static inline u64 holdfast_pages_compound(const struct holdfast_pages *pages)
{
	return (u64)PAGE_SIZE << pages->map.vmemmap_shift;
}

#endif
</#if>
