<#if kernel.fact("register_pfn_address_space") == "yes">
<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory errors. The kernel asks who has a bad page mapped, so that it can tell
 * those processes, and what was said at the start is done with the page.
 *
 * The kernel takes a range of page frames once only. So every run of every file
 * that was ever mapped is a range of its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "vfs.h"

/**
 * struct bad_page - a page that the kernel asked about
 * @work: the work
 * @inode: the file that has it, held
 * @page: offset of the page in the region, in bytes
 */
struct bad_page {
	struct work_struct work;
	struct inode *inode;
	u64 page;
};

static void lose(struct work_struct *work)
{
	struct bad_page *bad = container_of(work, struct bad_page, work);

	holdfast_fs(bad->inode->i_sb)->lose(bad->inode, bad->page);
	iput(bad->inode);
	kfree(bad);
}

/* The caller must not sleep. A page may be noted more than once. */
static void note(struct inode *inode, u64 page)
{
	struct bad_page *bad;

	bad = ${object("kmalloc", "bad", "GFP_ATOMIC")};
	if (!bad)
		return;
	bad->inode = igrab(inode);
	if (!bad->inode) {
		kfree(bad);
		return;
	}
	bad->page = page;
	INIT_WORK(&bad->work, lose);
	queue_work(holdfast_fs(inode->i_sb)->poison, &bad->work);
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

	note(inode, page);
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

	if (READ_ONCE(own->was_mapped))
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

/**
 * holdfast_poison_start() - a region is being mounted
 * @fs: the region
 * @lose: what is done with a bad page of a file, by its offset in the region; it
 *	may sleep, and the page may be one that was lost before
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_poison_start(struct holdfast_fs *fs,
			  void (*lose)(struct inode *inode, u64 page))
{
	fs->lose = lose;
	fs->poison = alloc_workqueue("holdfast-poison", WQ_UNBOUND, 1);
	return fs->poison ? 0 : -ENOMEM;
}

/**
 * holdfast_poison_stop() - wait until what was noted is done
 * @fs: the region; nothing of it is mapped any more
 */
void holdfast_poison_stop(struct holdfast_fs *fs)
{
	if (fs->poison)
		destroy_workqueue(fs->poison);
}
</#if>
