<#include "/idioms.ftl">
/* SPDX-License-Identifier: GPL-2.0-only */
/* What the VFS rooms (super, inode, dir, file, content, map) share. */
#ifndef HOLDFAST_VFS_H
#define HOLDFAST_VFS_H

#include <linux/fs.h>
#include <linux/mutex.h>

#include "extents.h"
#include "format.h"
#include "records.h"
#include "region.h"
#include "superblock.h"
#include "tree.h"

/**
 * struct holdfast_fs - a mounted region
 * @region: its memory
 * @superblock: its superblock, as last committed
 * @lock: taken for every commit; protects all below and the record of every
 *	inode. Taken last: after inode locks, mmap_lock and invalidate_lock.
 * @records: its record table
 * @tree: its nodes
 * @space: its free space
 * @scratch: a record for commits that have no inode
 * @superblocks_repaired: superblock copies that were bad at mount
 * @records_repaired: records of which one copy was bad at mount
 * @records_damaged: records that could not be used at mount
 * @mount_nanoseconds: time that mounting took
 */
struct holdfast_fs {
	struct holdfast_region region;
	struct holdfast_superblock superblock;
	struct mutex lock; /* every commit; taken last */
	struct holdfast_records records;
	struct holdfast_tree tree;
	struct holdfast_space space;
	struct holdfast_record scratch;
	u32 superblocks_repaired;
	u32 records_repaired;
	u32 records_damaged;
	u64 mount_nanoseconds;
};

/**
 * struct holdfast_inode - an inode in memory
 * @vfs: the VFS's part
 * @node: its node
 * @record: its record, as last committed; the extents also change only under
 *	the inode lock and the invalidate_lock held for writing
 */
struct holdfast_inode {
	struct inode vfs;
	struct holdfast_node *node;
	struct holdfast_record record;
};

static inline struct holdfast_fs *holdfast_fs(const struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct holdfast_inode *holdfast_inode(const struct inode *inode)
{
	return container_of(inode, struct holdfast_inode, vfs);
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

/* content.c */
u64 holdfast_content_covered(const struct holdfast_record *record);
u64 holdfast_content_find(struct inode *inode, u64 position, u64 *length);
void *holdfast_content_at(struct inode *inode, u64 position, u64 *length);
int holdfast_content_reserve(struct inode *inode, u64 end, bool more);
void holdfast_content_trim(struct inode *inode, u64 size, u64 keep);
void holdfast_content_zero(struct inode *inode, u64 from, u64 to);
void holdfast_content_release_locked(struct holdfast_fs *fs,
				     struct holdfast_record *record, u64 keep);

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

/* map.c */
<#if kernel.fact("mmap") == "mmap_prepare">
int holdfast_map(struct vm_area_desc *desc);
<#else>
int holdfast_map(struct file *file, struct vm_area_struct *vma);
</#if>

/* super.c */
extern struct file_system_type holdfast_type;

/* refuse.c */
int holdfast_refuse(enum holdfast_verdict verdict, u64 base,
		    const struct holdfast_superblock *sb);

/* info.c */
struct holdfast_region_info;
void holdfast_info_identity(struct holdfast_region_info *info,
			    const struct holdfast_superblock *sb);
long holdfast_info_ioctl(struct file *file, unsigned int command,
			 unsigned long argument);
<#if options.has("raw-device")>

/* device.c */
int holdfast_device_create(void);
void holdfast_device_destroy(void);
</#if>

#endif
