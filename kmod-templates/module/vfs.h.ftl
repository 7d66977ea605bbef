<#include "/idioms.ftl">
/* SPDX-License-Identifier: GPL-2.0-only */
/* What the VFS rooms (super, inode, dir, file, content, map) share. */
#ifndef HOLDFAST_VFS_H
#define HOLDFAST_VFS_H

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/fs_parser.h>
#include <linux/kobject.h>
<#if watchedFrames>
#include <linux/memory-failure.h>
</#if>
#include <linux/mutex.h>
#include <linux/rwsem.h>
<#if devicePages>
#include <linux/workqueue.h>
</#if>

#include "account.h"
#include "extents.h"
#include "format.h"
#include "records.h"
#include "region.h"
#include "runs.h"
#include "superblock.h"
#include "tree.h"
#include "watch.h"

/* A change that takes memory away from a file needs no more new leaves. */
#define HOLDFAST_SPARE_LEAVES	4

/**
 * struct holdfast_fs - a mounted region
 * @region: its memory
 * @superblock: its superblock, as last committed
 * @page_shift: binary logarithm of the largest page that mappings use
 * @lock: taken for every commit; protects all below and the record of every
 *	inode. Taken last: after inode locks, mmap_lock and invalidate_lock.
 * @records: its record table
 * @tree: its nodes
 * @space: its free space
 * @scratch: a record for commits that have no inode
 * @leaf: a leaf that is being written
 * @fresh: leaves of a commit that is being prepared
 * @stale: leaves that it replaces
 * @spare: leaves for making files smaller when nothing is free; 0 for none
 * @superblocks_repaired: superblock copies that were bad at mount
 * @records_repaired: records of which one copy was bad at mount
 * @records_damaged: records that could not be used at mount
 * @has_leaves: there was a file with leaves at mount
 * @leaves_lost: which memory a file had is not known any more
 * @mount_nanoseconds: time that mounting took
 * @watch: what has happened to it
<#if watchedFrames>
 * @poison: waits with the pages that memory errors hit
</#if>
<#if toldErrors>
 * @lose: what is done with pages that memory errors hit
</#if>
 * @retired_lock: taken for the list of retired pages, after @lock
<#if devicePages>
 * @pages: its struct pages; NULL with the page model none
 * @quarantine: memory that was given back while it was pinned
 * @quarantined: how much that is, in bytes
 * @warden: looks whether it is still pinned
</#if>
 * @folder: its folder in sysfs
 * @folder_released: nobody holds the folder any more
 */
struct holdfast_fs {
	struct holdfast_region region;
	struct holdfast_superblock superblock;
	unsigned int page_shift;
	struct mutex lock; /* every commit; taken last */
	struct holdfast_records records;
	struct holdfast_tree tree;
	struct holdfast_space space;
	struct holdfast_record scratch;
	struct holdfast_extent_leaf leaf;
	u64 fresh[HOLDFAST_RECORD_EXTENTS];
	u64 stale[HOLDFAST_RECORD_EXTENTS];
	u64 spare[HOLDFAST_SPARE_LEAVES];
	u32 superblocks_repaired;
	u32 records_repaired;
	u32 records_damaged;
	bool has_leaves;
	bool leaves_lost;
	u64 mount_nanoseconds;
	struct holdfast_watch watch;
<#if watchedFrames>
	struct workqueue_struct *poison;
</#if>
<#if toldErrors>
	int (*lose)(struct super_block *sb, u64 page);
</#if>
	struct rw_semaphore retired_lock; /* superblock.retired */
<#if devicePages>
	struct holdfast_pages *pages;
	struct list_head quarantine;
	u64 quarantined;
	struct delayed_work warden;
</#if>
	struct kobject folder;
	struct completion folder_released;
};

/**
 * struct holdfast_inode - an inode in memory
 * @vfs: the VFS's part
 * @node: its node
 * @record: its record, as last committed
 * @runs_lock: taken for @runs, before the lock of the file system. Only who
 *	holds the inode lock and the invalidate_lock for writing takes memory
 *	away; a page fault may fill a hole.
 * @runs: where its content is
<#if watchedFrames>
 * @watched: its runs, for memory errors
 * @watched_count: how many
 * @was_mapped: it has been mapped since it is in memory
</#if>
 */
struct holdfast_inode {
	struct inode vfs;
	struct holdfast_node *node;
	struct holdfast_record record;
	struct rw_semaphore runs_lock; /* runs */
	struct holdfast_runs runs;
<#if watchedFrames>
	struct pfn_address_space *watched;
	u32 watched_count;
	bool was_mapped;
</#if>
};

/* The memory of the file system has struct pages. */
static inline bool holdfast_has_pages(const struct holdfast_fs *fs)
{
	return ${devicePages?then("fs->pages", "false")};
}

static inline struct holdfast_fs *holdfast_fs(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/* Files may have holes. */
static inline bool holdfast_sparse(const struct holdfast_fs *fs)
{
	return fs->records.sparse;
}

static inline struct holdfast_inode *holdfast_inode(const struct inode *inode)
{
	return container_of(inode, struct holdfast_inode, vfs);
}

/* Store a record; the file system is locked. */
static inline void holdfast_commit_locked(struct holdfast_fs *fs,
					  struct holdfast_record *record)
{
	holdfast_records_commit(&fs->records, record);
	holdfast_watch_commit(&fs->watch, record);
}

/* derive.c */
int holdfast_derive(struct holdfast_fs *fs, bool read_only);

/* inode.c */
extern const struct inode_operations holdfast_file_inode_operations;
int holdfast_inode_cache_create(void);
void holdfast_inode_cache_destroy(void);
struct inode *holdfast_inode_alloc(struct super_block *sb);
void holdfast_inode_free(struct inode *inode);
void holdfast_inode_evict(struct inode *inode);
struct inode *holdfast_inode_get(struct super_block *sb,
				 struct holdfast_node *node);
struct inode *holdfast_inode_new(${idmapParameter},
				 struct inode *dir, const struct qstr *name,
				 umode_t mode);
void holdfast_inode_commit(struct inode *inode);
void holdfast_inode_commit_locked(struct inode *inode, u64 supersedes);
void holdfast_inode_bury_locked(struct inode *inode);
void holdfast_inode_changed(struct inode *inode);
int holdfast_inode_getattr(${idmapParameter},
			   const struct path *path, struct kstat *stat,
			   u32 request_mask, unsigned int query_flags);
int holdfast_inode_setattr(${idmapParameter},
			   struct dentry *dentry, struct iattr *attr);
<#if kernel.fact("update_time") == "timespec64">
int holdfast_inode_update_time(struct inode *inode, struct timespec64 *time,
			       int flags);
<#elseif kernel.fact("update_time") == "flags">
int holdfast_inode_update_time(struct inode *inode, int flags);
<#else>
int holdfast_inode_update_time(struct inode *inode, enum fs_update_time type,
			       unsigned int flags);
</#if>

/* store.c */
/**
 * typedef holdfast_visit - what is done with each piece of memory of a file
 * @fs: the file system
 * @extent: the piece
 * @leaf: it is a leaf, not content
 * @context: of the caller
 *
 * Return: 0 to go on, or a negative errno.
 */
typedef int (*holdfast_visit)(struct holdfast_fs *fs,
			      const struct holdfast_extent *extent, bool leaf,
			      void *context);
int holdfast_store_walk(struct holdfast_fs *fs,
			const struct holdfast_record *record,
			holdfast_visit visit, void *context);
int holdfast_store_load(struct inode *inode);
int holdfast_store_locked(struct inode *inode, struct holdfast_runs *next,
			  bool shrinks);
void holdfast_store_release_locked(struct inode *inode);
void holdfast_store_fill_spare(struct holdfast_fs *fs);

/* placement.c */
u32 holdfast_placement_pools(const struct inode *inode);
u64 holdfast_placement_alloc(const struct inode *inode,
			     struct holdfast_wish *wish, u64 *length);
int holdfast_placement_ioctl(struct file *file, void __user *user);

/* draft.c */
/**
 * struct holdfast_draft - memory for holes of a file that is not in it yet
 * @inode: the file
 * @runs: the memory
 */
struct holdfast_draft {
	struct inode *inode;
	struct holdfast_runs runs;
};

/* For publishing a draft: the file stays as long as it is. */
#define HOLDFAST_SAME_SIZE	U64_MAX

int holdfast_draft_take(struct holdfast_draft *draft, struct inode *inode,
			u64 from, u64 to, bool more);
void *holdfast_draft_at(const struct holdfast_draft *draft, u64 position,
			u64 *length);
int holdfast_draft_clear(struct holdfast_draft *draft, u64 from, u64 to);
int holdfast_draft_publish(struct holdfast_draft *draft, u64 from, u64 to,
			   u64 size);
void holdfast_draft_shorten(struct holdfast_draft *draft, u64 end);
void holdfast_draft_drop(struct holdfast_draft *draft);

/* content.c */
/* A place where there is a page that was retired with what it held. */
#define HOLDFAST_LOST	U64_MAX

u64 holdfast_content_find(struct inode *inode, u64 position, u64 *length);
void *holdfast_content_at(struct inode *inode, u64 position, u64 *length);
void holdfast_content_zero(struct inode *inode, u64 from, u64 to);
int holdfast_content_fill(struct inode *inode, u64 from, u64 to);
int holdfast_content_touch(struct inode *inode, u64 position, u64 page);
int holdfast_content_trim(struct inode *inode, u64 size);
int holdfast_content_punch(struct inode *inode, u64 from, u64 to);
int holdfast_content_collapse(struct inode *inode, u64 from, u64 to);
int holdfast_content_insert(struct inode *inode, u64 at, u64 length);
int holdfast_content_leave(struct inode *inode, u64 page);
<#if toldErrors>
void holdfast_content_lose(struct super_block *sb, u64 page);
</#if>
loff_t holdfast_content_seek(struct inode *inode, loff_t position, bool data);

/* dir.c */
extern const struct inode_operations holdfast_dir_inode_operations;
extern const struct file_operations holdfast_dir_operations;

/* file.c */
extern const struct file_operations holdfast_file_operations;
int holdfast_file_resize(struct inode *inode, u64 size);
<#if options.has("fiemap")>
int holdfast_file_fiemap(struct inode *inode, struct fiemap_extent_info *info,
			 u64 start, u64 length);
</#if>

/* fallocate.c */
long holdfast_fallocate(struct file *file, int mode, loff_t offset,
			loff_t length);

/* map.c */
<#if kernel.fact("mmap") == "mmap_prepare">
int holdfast_map(struct vm_area_desc *desc);
<#else>
int holdfast_map(struct file *file, struct vm_area_struct *vma);
</#if>
<#if large>
unsigned long holdfast_map_place(struct file *file, unsigned long hint,
				 unsigned long length, unsigned long page,
				 unsigned long flags);
</#if>

<#if toldErrors>
/* poison.c */
<#if watchedFrames>
void holdfast_poison_update(struct inode *inode);
void holdfast_poison_mapped(struct inode *inode);
void holdfast_poison_forget(struct inode *inode);
</#if>
int holdfast_poison_start(struct super_block *sb,
			  int (*lose)(struct super_block *sb, u64 page));
void holdfast_poison_stop(struct holdfast_fs *fs);

</#if>
/* pagesize.c */
struct holdfast_page_size_args;
extern const struct constant_table holdfast_page_sizes[];
int holdfast_page_size_allow(struct fs_context *fc, unsigned int shift,
			     bool device);
unsigned int holdfast_page_size_default(bool device);
const char *holdfast_page_size_word(unsigned int shift);
unsigned int holdfast_page_shift(struct inode *inode);
long holdfast_page_size_ioctl(struct file *file,
			      struct holdfast_page_size_args __user *user);

/* super.c */
extern struct file_system_type holdfast_type;

/* sysfs.c */
int holdfast_sysfs_create(void);
void holdfast_sysfs_destroy(void);
int holdfast_sysfs_add(struct holdfast_fs *fs);
void holdfast_sysfs_remove(struct holdfast_fs *fs);

<#if devicePages>
/* quarantine.c */
int holdfast_quarantine_create(void);
void holdfast_quarantine_destroy(void);
void holdfast_quarantine_open(struct holdfast_fs *fs);
void holdfast_quarantine_close(struct holdfast_fs *fs);
void holdfast_quarantine_free(struct holdfast_fs *fs, u64 offset, u64 length);
bool holdfast_quarantine_pins(struct holdfast_fs *fs, u64 offset);
void holdfast_quarantine_drain(struct holdfast_fs *fs);

</#if>
/* refuse.c */
int holdfast_refuse(enum holdfast_verdict verdict, u64 base,
		    const struct holdfast_superblock *sb);

/* info.c */
struct holdfast_region_info;
void holdfast_info_identity(struct holdfast_region_info *info,
			    const struct holdfast_superblock *sb);
int holdfast_info(struct file *file, void __user *user);

/* grow.c */
struct holdfast_range_args;
int holdfast_grow_open(struct holdfast_fs *fs);
void holdfast_grow_repair(struct holdfast_fs *fs);
int holdfast_add_range(struct file *file, void __user *user);
void holdfast_range_describe(struct holdfast_range_args *args,
			     const struct holdfast_superblock *sb);
int holdfast_range(struct file *file, void __user *user);

/* limit.c */
int holdfast_limit(struct file *file, void __user *user);

/* upgrade.c */
int holdfast_upgrade(struct file *file, void __user *user);

/* retire.c */
int holdfast_retire(struct file *file, void __user *user);
<#if toldErrors>
int holdfast_retire_lost(struct super_block *sb, u64 page);
</#if>

/* layout.c */
int holdfast_layout(struct file *file, void __user *user);

/* ioctl.c */
long holdfast_ioctl(struct file *file, unsigned int command,
		    unsigned long argument);
<#if options.has("raw-device")>

/* attach.c */
struct holdfast_attach_args;
int holdfast_attach_open(struct inode *inode, struct file *file);
int holdfast_attach(struct file *file, const struct holdfast_attach_args *args);
ssize_t holdfast_attach_read(struct file *file, char __user *to, size_t count,
			     loff_t *position);
ssize_t holdfast_attach_write(struct file *file, const char __user *from,
			      size_t count, loff_t *position);
loff_t holdfast_attach_seek(struct file *file, loff_t offset, int whence);
int holdfast_attach_release(struct inode *inode, struct file *file);

/* device.c */
int holdfast_device_create(void);
void holdfast_device_destroy(void);
</#if>

#endif
