<#include "/idioms.ftl">
<#if devicePages>
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that was given back while somebody still has it pinned: it is nobody's
 * until the pins are gone. So is a region that was unmounted with pins.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "pages.h"
#include "vfs.h"

/* Nobody says when a pin goes. */
#define LOOK_AGAIN	msecs_to_jiffies(100)

/**
 * struct inmate - a run of memory that is still pinned
 * @list: in the quarantine
 * @offset: offset in the region, in bytes
 * @length: its length; it does not reach beyond a compound
 */
struct inmate {
	struct list_head list;
	u64 offset;
	u64 length;
};

/**
 * struct remains - a region that is not mounted any more, and still pinned
 * @region: the region, with all its ranges
 * @pages: its struct pages
 * @work: looks whether it can be given up
 */
struct remains {
	struct holdfast_region region;
	struct holdfast_pages *pages;
	struct delayed_work work;
};

static struct workqueue_struct *wardens;

/**
 * holdfast_quarantine_create() - prepare for quarantines
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_quarantine_create(void)
{
	wardens = alloc_workqueue("holdfast", WQ_UNBOUND, 0);
	return wardens ? 0 : -ENOMEM;
}

/**
 * holdfast_quarantine_destroy() - no more quarantines
 *
 * Regions that remain hold the module: there are none.
 */
void holdfast_quarantine_destroy(void)
{
	destroy_workqueue(wardens);
}

static bool is_idle(struct holdfast_fs *fs, u64 offset)
{
	return holdfast_pages_idle(fs->pages, fs->region.base + offset);
}

/**
 * holdfast_quarantine_pins() - may somebody have memory of a file pinned?
 * @fs: the file system
 * @offset: offset of the memory in the region, in bytes; it is not mapped
 *
 * Return: true if so, or if it cannot be told now; also for what lies beside it.
 */
bool holdfast_quarantine_pins(struct holdfast_fs *fs, u64 offset)
{
	return fs->pages && !is_idle(fs, offset);
}

/**
 * holdfast_quarantine_drain() - make memory free that is not pinned any more
 * @fs: the file system, locked
 */
void holdfast_quarantine_drain(struct holdfast_fs *fs)
{
	struct inmate *inmate, *next;

	lockdep_assert_held(&fs->lock);
	list_for_each_entry_safe(inmate, next, &fs->quarantine, list) {
		if (!is_idle(fs, inmate->offset))
			continue;
		holdfast_space_free(&fs->space, inmate->offset, inmate->length);
		fs->quarantined -= inmate->length;
		list_del(&inmate->list);
		kfree(inmate);
	}
}

static void drain(struct work_struct *work)
{
	struct holdfast_fs *fs = container_of(to_delayed_work(work),
					      struct holdfast_fs, warden);

	mutex_lock(&fs->lock);
	holdfast_quarantine_drain(fs);
	if (!list_empty(&fs->quarantine))
		queue_delayed_work(wardens, &fs->warden, LOOK_AGAIN);
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_quarantine_open() - a region has a quarantine from now on
 * @fs: the region
 */
void holdfast_quarantine_open(struct holdfast_fs *fs)
{
	INIT_LIST_HEAD(&fs->quarantine);
	INIT_DELAYED_WORK(&fs->warden, drain);
}

static void arrest(struct holdfast_fs *fs, u64 offset, u64 length)
{
	struct inmate *inmate;

	/* The record says already that the memory is not the file's. */
	inmate = ${object("kmalloc", "inmate", "GFP_NOFS | __GFP_NOFAIL")};
	inmate->offset = offset;
	inmate->length = length;
	list_add_tail(&inmate->list, &fs->quarantine);
	fs->quarantined += length;
	queue_delayed_work(wardens, &fs->warden, LOOK_AGAIN);
}

/**
 * holdfast_quarantine_free() - give back memory that a file had
 * @fs: the file system, locked
 * @offset: offset of the memory in the region, in bytes; it is not mapped
 * @length: its length, in bytes
 *
 * What is pinned is free when the pin is gone.
 */
void holdfast_quarantine_free(struct holdfast_fs *fs, u64 offset, u64 length)
{
	u64 compound, here;

	lockdep_assert_held(&fs->lock);
	if (!fs->pages) {
		holdfast_space_free(&fs->space, offset, length);
		return;
	}
	compound = holdfast_pages_compound(fs->pages);
	for (; length; offset += here, length -= here) {
		here = min(length, compound -
			   ((fs->region.base + offset) & (compound - 1)));
		if (is_idle(fs, offset))
			holdfast_space_free(&fs->space, offset, here);
		else
			arrest(fs, offset, here);
	}
}

static bool is_range_idle(const struct remains *remains,
			  const struct holdfast_region *range)
{
	u64 at;

	for (at = 0; at < range->size;
	     at += holdfast_pages_compound(remains->pages))
		if (!holdfast_pages_idle(remains->pages, range->base + at))
			return false;
	return true;
}

static bool is_region_idle(const struct remains *remains)
{
	const struct holdfast_region *range;

	for (range = &remains->region; range; range = range->next)
		if (!is_range_idle(remains, range))
			return false;
	return true;
}

static void give_up(struct remains *remains)
{
	holdfast_pages_unmake(remains->pages);
	holdfast_region_release(&remains->region);
	kfree(remains);
}

static void look_again(struct work_struct *work)
{
	struct remains *remains = container_of(to_delayed_work(work),
					       struct remains, work);

	if (!is_region_idle(remains)) {
		queue_delayed_work(wardens, &remains->work, LOOK_AGAIN);
		return;
	}
	pr_info("0x%llx: not pinned any more, given up\n",
		remains->region.base);
	give_up(remains);
	module_put(THIS_MODULE);
}

/**
 * holdfast_quarantine_close() - give up a region that is not mounted any more
 * @fs: the region; it has no more memory afterwards
 *
 * Nothing is mapped, so that no pin is added. Until the last one is gone the
 * region stays claimed: mounting it is refused, and its memory is what it was.
 */
void holdfast_quarantine_close(struct holdfast_fs *fs)
{
	struct inmate *inmate, *next;
	struct remains *remains;

	if (!fs->pages)
		return;
	cancel_delayed_work_sync(&fs->warden);
	list_for_each_entry_safe(inmate, next, &fs->quarantine, list)
		kfree(inmate);
	remains = ${object("kzalloc", "remains", "GFP_KERNEL | __GFP_NOFAIL")};
	remains->region = fs->region;
	remains->pages = fs->pages;
	fs->region.memory = NULL;
	fs->pages = NULL;
	if (is_region_idle(remains)) {
		give_up(remains);
		return;
	}
	pr_warn("0x%llx: unmounted, but pages are pinned: stays claimed until they are not\n",
		remains->region.base);
	__module_get(THIS_MODULE);
	INIT_DELAYED_WORK(&remains->work, look_again);
	queue_delayed_work(wardens, &remains->work, LOOK_AGAIN);
}
</#if>
