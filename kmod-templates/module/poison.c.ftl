<#include "/idioms.ftl">
<#if toldErrors>
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory errors: what was said at the start is done with a bad page.
<#if devicePages>
 *
 * Of memory with struct pages the kernel tells by them.
</#if>
<#if watchedFrames>
 *
 * Of memory without, it asks who has the page mapped, so that it can tell those
 * processes. It takes a range of page frames once only. So every run of every
 * file that was ever mapped is a range of its own.
</#if>
 */
<#if watchedFrames>
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

</#if>
#include <linux/mm.h>
<#if watchedFrames>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
</#if>

<#if devicePages>
#include "pages.h"
</#if>
#include "vfs.h"

<#if watchedFrames>
/**
 * struct bad_page - a page that the kernel asked about
 * @work: the work
 * @sb: the file system, mounted until the work is done
 * @page: offset of the page in the region, in bytes
 */
struct bad_page {
	struct work_struct work;
	struct super_block *sb;
	u64 page;
};

static void lose(struct work_struct *work)
{
	struct bad_page *bad = container_of(work, struct bad_page, work);

	holdfast_fs(bad->sb)->lose(bad->sb, bad->page);
	kfree(bad);
}

/* The caller must not sleep. A page may be noted more than once. */
static void note(struct super_block *sb, u64 page)
{
	struct bad_page *bad;

	bad = ${object("kmalloc", "bad", "GFP_ATOMIC")};
	if (!bad)
		return;
	bad->sb = sb;
	bad->page = page;
	INIT_WORK(&bad->work, lose);
	queue_work(holdfast_fs(sb)->poison, &bad->work);
}

/*
 * Where a bad page is in a mapping of a file. Who is not told for a lock that is
 * taken is told by the next access.
 */
static int find_page(struct vm_area_struct *vma, unsigned long frame,
		     pgoff_t *found)
{
	struct inode *inode = file_inode(vma->vm_file);
	struct holdfast_inode *own = holdfast_inode(inode);
	u64 page = PFN_PHYS(frame) - holdfast_fs(inode->i_sb)->region.base;
	bool here;
	u64 at;

	note(inode->i_sb, page);
	if (!down_read_trylock(&own->runs_lock))
		return -EBUSY;
	here = holdfast_runs_place(&own->runs, page, &at);
	up_read(&own->runs_lock);
	if (!here)
		return -EFAULT;
	*found = at >> PAGE_SHIFT;
	return *found >= vma->vm_pgoff &&
	       *found - vma->vm_pgoff < vma_pages(vma) ? 0 : -EFAULT;
}

static void unwatch(struct holdfast_inode *own)
{
	u32 i;

	for (i = 0; i < own->watched_count; i++)
		unregister_pfn_address_space(&own->watched[i]);
	kvfree(own->watched);
	own->watched = NULL;
	own->watched_count = 0;
}

static void watch_run(struct holdfast_inode *own,
		      const struct holdfast_run *run)
{
	u64 base = holdfast_fs(own->vfs.i_sb)->region.base;
	struct pfn_address_space *range = &own->watched[own->watched_count];

	range->node.start = PHYS_PFN(base + run->offset);
	range->node.last = range->node.start + PHYS_PFN(run->length) - 1;
	range->mapping = own->vfs.i_mapping;
	range->pfn_to_vma_pgoff = find_page;
	if (!register_pfn_address_space(range))
		own->watched_count++;
}

/**
 * holdfast_poison_update() - the memory of a file has changed
 * @inode: the file; its runs are locked for writing
 */
void holdfast_poison_update(struct inode *inode)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	u32 i;

	if (!own->was_mapped)
		return;
	unwatch(own);
	own->watched = kvcalloc(own->runs.count, sizeof(*own->watched),
				GFP_NOFS);
	if (!own->watched) {
		if (own->runs.count)
			pr_warn_once("no memory for watching over memory errors\n");
		return;
	}
	for (i = 0; i < own->runs.count; i++)
		watch_run(own, &own->runs.list[i]);
}

/**
 * holdfast_poison_mapped() - a file is being mapped
 * @inode: the file
 */
void holdfast_poison_mapped(struct inode *inode)
{
	struct holdfast_inode *own = holdfast_inode(inode);

	if (holdfast_has_pages(holdfast_fs(inode->i_sb)) ||
	    READ_ONCE(own->was_mapped))
		return;
	down_write(&own->runs_lock);
	if (!own->was_mapped) {
		WRITE_ONCE(own->was_mapped, true);
		holdfast_poison_update(inode);
	}
	up_write(&own->runs_lock);
}

/**
 * holdfast_poison_forget() - an inode goes
 * @inode: the inode, which nobody has mapped
 */
void holdfast_poison_forget(struct inode *inode)
{
	unwatch(holdfast_inode(inode));
}

</#if>
<#if devicePages>
static int lose_address(void *who, u64 address)
{
	struct super_block *sb = who;
	struct holdfast_fs *fs = holdfast_fs(sb);

	return fs->lose(sb, address - fs->region.base);
}

</#if>
/**
 * holdfast_poison_start() - a region is being mounted
 * @sb: the file system
 * @lose: what is done with a bad page, by its offset in the region; it may
 *	sleep, and the page may be one that was lost before
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_poison_start(struct super_block *sb,
			  int (*lose)(struct super_block *sb, u64 page))
{
	struct holdfast_fs *fs = holdfast_fs(sb);

	fs->lose = lose;
<#if devicePages>
	if (fs->pages) {
		holdfast_pages_tell(fs->pages, lose_address, sb);
		return 0;
	}
</#if>
<#if watchedFrames>
	fs->poison = alloc_workqueue("holdfast-poison", WQ_UNBOUND, 1);
	return fs->poison ? 0 : -ENOMEM;
<#else>
	return 0;
</#if>
}

/**
 * holdfast_poison_stop() - wait until what was noted is done
 * @fs: the region; nothing of it is mapped any more
 */
void holdfast_poison_stop(struct holdfast_fs *fs)
{
<#if devicePages>
	if (fs->pages)
		holdfast_pages_tell(fs->pages, NULL, NULL);
</#if>
<#if watchedFrames>
	if (fs->poison)
		destroy_workqueue(fs->poison);
</#if>
}
</#if>
