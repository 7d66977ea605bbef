<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "vfs.h"

static struct kmem_cache *inode_cache;

/* Inode numbers start at 1: many programs take 0 for no file. */
static unsigned long ino_of(const struct holdfast_node *node)
{
	return node->number + 1;
}

static void init_once(void *object)
{
	struct holdfast_inode *inode = object;

	inode_init_once(&inode->vfs);
	init_rwsem(&inode->runs_lock);
}

/**
 * holdfast_inode_cache_create() - prepare for inodes
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_inode_cache_create(void)
{
	inode_cache = kmem_cache_create("holdfast_inode",
					sizeof(struct holdfast_inode), 0,
					SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT,
					init_once);
	return inode_cache ? 0 : -ENOMEM;
}

/**
 * holdfast_inode_cache_destroy() - wait until all inodes are free
 */
void holdfast_inode_cache_destroy(void)
{
	/* Inodes are freed after a grace period. */
	rcu_barrier();
	kmem_cache_destroy(inode_cache);
}

/**
 * holdfast_inode_alloc() - super_operations.alloc_inode
 * @sb: the file system
 *
 * Return: an inode, or NULL.
 */
struct inode *holdfast_inode_alloc(struct super_block *sb)
{
	struct holdfast_inode *inode;

	inode = alloc_inode_sb(sb, inode_cache, GFP_KERNEL);
	if (!inode)
		return NULL;
	inode->node = NULL;
	memset(&inode->record, 0, sizeof(inode->record));
	memset(&inode->runs, 0, sizeof(inode->runs));
<#if kernel.fact("register_pfn_address_space") == "yes">
	inode->watched = NULL;
	inode->watched_count = 0;
	inode->was_mapped = false;
</#if>
	return &inode->vfs;
}

/**
 * holdfast_inode_free() - super_operations.free_inode
 * @inode: the inode
 */
void holdfast_inode_free(struct inode *inode)
{
	kmem_cache_free(inode_cache, holdfast_inode(inode));
}

/**
 * holdfast_inode_evict() - super_operations.evict_inode
 * @inode: the inode; if it is linked nowhere, its memory and its record are
 *	free from now on
 */
void holdfast_inode_evict(struct inode *inode)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_inode *own = holdfast_inode(inode);

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
<#if kernel.fact("register_pfn_address_space") == "yes">
	holdfast_poison_forget(inode);
</#if>
	if (!inode->i_nlink && own->node) {
		mutex_lock(&fs->lock);
		holdfast_account_release(holdfast_node_charged(own->node),
					 holdfast_runs_bytes(&own->runs), 1);
		holdfast_store_release_locked(inode);
		holdfast_tree_remove(&fs->tree, own->node);
		mutex_unlock(&fs->lock);
	}
	holdfast_runs_free(&own->runs);
}

static void times_to_record(const struct inode *inode,
			    struct holdfast_record *record)
{
<#if kernel.fact("inode_mtime") == "accessor">
	struct timespec64 atime = inode_get_atime(inode);
	struct timespec64 mtime = inode_get_mtime(inode);
<#else>
	struct timespec64 atime = inode->i_atime;
	struct timespec64 mtime = inode->i_mtime;
</#if>
<#if kernel.fact("inode_ctime") == "accessor">
	struct timespec64 ctime = inode_get_ctime(inode);
<#else>
	struct timespec64 ctime = inode->i_ctime;
</#if>

	record->atime_seconds = cpu_to_le64(atime.tv_sec);
	record->atime_nanoseconds = cpu_to_le32(atime.tv_nsec);
	record->mtime_seconds = cpu_to_le64(mtime.tv_sec);
	record->mtime_nanoseconds = cpu_to_le32(mtime.tv_nsec);
	record->ctime_seconds = cpu_to_le64(ctime.tv_sec);
	record->ctime_nanoseconds = cpu_to_le32(ctime.tv_nsec);
}

static struct timespec64 time_from(__le64 seconds, __le32 nanoseconds)
{
	return (struct timespec64) {
		.tv_sec = le64_to_cpu(seconds),
		.tv_nsec = le32_to_cpu(nanoseconds),
	};
}

static void times_from_record(struct inode *inode,
			      const struct holdfast_record *record)
{
	struct timespec64 atime = time_from(record->atime_seconds,
					    record->atime_nanoseconds);
	struct timespec64 mtime = time_from(record->mtime_seconds,
					    record->mtime_nanoseconds);
	struct timespec64 ctime = time_from(record->ctime_seconds,
					    record->ctime_nanoseconds);

<#if kernel.fact("inode_mtime") == "accessor">
	inode_set_atime_to_ts(inode, atime);
	inode_set_mtime_to_ts(inode, mtime);
<#else>
	inode->i_atime = atime;
	inode->i_mtime = mtime;
</#if>
<#if kernel.fact("inode_ctime") == "accessor">
	inode_set_ctime_to_ts(inode, ctime);
<#else>
	inode->i_ctime = ctime;
</#if>
}

static void set_operations(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode)) {
		inode->i_op = &holdfast_dir_inode_operations;
		inode->i_fop = &holdfast_dir_operations;
	} else {
		inode->i_op = &holdfast_file_inode_operations;
		inode->i_fop = &holdfast_file_operations;
	}
}

static void from_record(struct inode *inode,
			const struct holdfast_record *record)
{
	struct holdfast_inode *own = holdfast_inode(inode);

	inode->i_mode = le32_to_cpu(record->mode) |
			(own->node->directory ? S_IFDIR : S_IFREG);
	i_uid_write(inode, le32_to_cpu(record->uid));
	i_gid_write(inode, le32_to_cpu(record->gid));
	set_nlink(inode, own->node->directory ?
			 2 + own->node->subdirectories : 1);
	i_size_write(inode, le64_to_cpu(record->size));
	inode->i_generation = le32_to_cpu(record->generation);
	times_from_record(inode, record);
	set_operations(inode);
}

/**
 * holdfast_inode_get() - inode of a node
 * @sb: the file system
 * @node: the node
 *
 * Return: the inode, or an error pointer: -ENOMEM, or -EUCLEAN if its record
 * was damaged since the mount.
 */
struct inode *holdfast_inode_get(struct super_block *sb,
				 struct holdfast_node *node)
{
	const struct holdfast_record *record;
	struct holdfast_fs *fs = holdfast_fs(sb);
	enum holdfast_slot slot;
	struct inode *inode;
	int err;

	inode = iget_locked(sb, ino_of(node));
	if (!inode)
		return ERR_PTR(-ENOMEM);
<#if kernel.fact("inode_state") == "accessor">
	if (!(inode_state_read_once(inode) & I_NEW))
<#else>
	if (!(inode->i_state & I_NEW))
</#if>
		return inode;

	holdfast_inode(inode)->node = node;
	mutex_lock(&fs->lock);
	slot = holdfast_records_get(&fs->records, node->number, &record);
	err = -EUCLEAN;
	if (slot == HOLDFAST_SLOT_USED) {
		holdfast_inode(inode)->record = *record;
		err = holdfast_store_load(inode);
	}
	mutex_unlock(&fs->lock);
	if (err) {
		if (err == -EUCLEAN) {
			pr_err("0x%llx: record %llu was damaged while mounted\n",
			       fs->region.base, node->number);
			holdfast_watch_errors(&fs->watch, 1);
		}
		iget_failed(inode);
		return ERR_PTR(err);
	}
	from_record(inode, &holdfast_inode(inode)->record);
	unlock_new_inode(inode);
	return inode;
}

static u32 next_generation(struct holdfast_fs *fs, u64 number)
{
	const struct holdfast_record *record;

	if (holdfast_records_get(&fs->records, number, &record) !=
	    HOLDFAST_SLOT_FREE)
		return 1;
	return le32_to_cpu(record->generation) + 1;
}

/* The directory pays for the node from now on. */
static int charge_node(struct holdfast_node *node,
		       struct holdfast_account *account)
{
	int err;

	err = holdfast_account_charge(account, 0, 1);
	if (err)
		return err;
	node->account = node->directory ? holdfast_account_new(account) :
					  holdfast_account_get(account);
	if (node->account)
		return 0;
	holdfast_account_release(account, 0, 1);
	return -ENOMEM;
}

static struct holdfast_node *new_node(struct holdfast_fs *fs,
				      const struct holdfast_node *parent,
				      const struct qstr *name, bool directory)
{
	struct holdfast_node *node;
	int err;

	node = holdfast_tree_new(&fs->tree, name, directory);
	if (IS_ERR(node))
		return node;
	mutex_lock(&fs->lock);
	err = charge_node(node, parent->account);
	if (err)
		holdfast_tree_remove(&fs->tree, node);
	mutex_unlock(&fs->lock);
	return err ? ERR_PTR(err) : node;
}

static void drop_node(struct holdfast_fs *fs, struct holdfast_node *node)
{
	mutex_lock(&fs->lock);
	holdfast_account_release(holdfast_node_charged(node), 0, 1);
	holdfast_tree_remove(&fs->tree, node);
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_inode_new() - a new file or directory
 * @${idmap}: of the mount
 * @dir: where it will be linked
 * @name: its name
 * @mode: its type and permission bits
 *
 * Nothing is committed, and the node is linked nowhere.
 *
 * Return: the inode, new and locked, or an error pointer: -ENOSPC if no record
 * is free, -EDQUOT, -ENOMEM.
 */
struct inode *holdfast_inode_new(${idmapParameter},
				 struct inode *dir, const struct qstr *name,
				 umode_t mode)
{
	struct holdfast_fs *fs = holdfast_fs(dir->i_sb);
	struct holdfast_record *record;
	struct holdfast_node *node;
	struct timespec64 now;
	struct inode *inode;
	int err;

	node = new_node(fs, holdfast_inode(dir)->node, name, S_ISDIR(mode));
	if (IS_ERR(node))
		return ERR_CAST(node);
	inode = new_inode(dir->i_sb);
	if (!inode) {
		drop_node(fs, node);
		return ERR_PTR(-ENOMEM);
	}

	inode->i_ino = ino_of(node);
	inode_init_owner(${idmap}, inode, dir, mode);
	inode->i_generation = next_generation(fs, node->number);
	now = current_time(inode);
	record = &holdfast_inode(inode)->record;
	record->number = cpu_to_le64(node->number);
	record->btime_seconds = cpu_to_le64(now.tv_sec);
	record->btime_nanoseconds = cpu_to_le32(now.tv_nsec);
	record->atime_seconds = record->btime_seconds;
	record->atime_nanoseconds = record->btime_nanoseconds;
	record->mtime_seconds = record->btime_seconds;
	record->mtime_nanoseconds = record->btime_nanoseconds;
	record->ctime_seconds = record->btime_seconds;
	record->ctime_nanoseconds = record->btime_nanoseconds;
	times_from_record(inode, record);
	set_operations(inode);
	if (S_ISDIR(mode))
		set_nlink(inode, 2);

	err = insert_inode_locked(inode);
	if (err) {
		drop_node(fs, node);
		iput(inode);
		return ERR_PTR(err);
	}
	holdfast_inode(inode)->node = node;
	return inode;
}

/**
 * holdfast_inode_commit_locked() - store the record of an inode
 * @inode: the inode; nothing happens if it is linked nowhere
 * @supersedes: number of the record that it replaces, or HOLDFAST_NO_RECORD
 *
 * When it returns, the state of the inode is on the region. The caller holds
 * the lock of the file system.
 */
void holdfast_inode_commit_locked(struct inode *inode, u64 supersedes)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_record *record = &own->record;
	struct holdfast_node *node = own->node;
	u64 parent = HOLDFAST_ROOT_RECORD;

	lockdep_assert_held(&fs->lock);
	if (!inode->i_nlink)
		return;

	if (node->parent)
		parent = node->parent->number;
	record->parent = cpu_to_le64(parent);
	record->supersedes = cpu_to_le64(supersedes);
	record->type = cpu_to_le32(node->directory ?
				   HOLDFAST_RECORD_TYPE_DIRECTORY :
				   HOLDFAST_RECORD_TYPE_FILE);
	record->mode = cpu_to_le32(inode->i_mode & 07777);
	record->uid = cpu_to_le32(i_uid_read(inode));
	record->gid = cpu_to_le32(i_gid_read(inode));
	record->size = cpu_to_le64(node->directory ? 0 : i_size_read(inode));
	record->generation = cpu_to_le32(inode->i_generation);
	times_to_record(inode, record);
	record->name_length = cpu_to_le32(node->name_length);
	memset(record->name, 0, sizeof(record->name));
	memcpy(record->name, node->name, node->name_length);
	holdfast_commit_locked(fs, record);
}

/**
 * holdfast_inode_commit() - store the record of an inode
 * @inode: the inode
 */
void holdfast_inode_commit(struct inode *inode)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);

	mutex_lock(&fs->lock);
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_inode_bury_locked() - make the record of an inode a tombstone
 * @inode: the inode, linked nowhere any more
 *
 * Number and memory stay taken as long as the inode is in use. The caller holds
 * the lock of the file system.
 */
void holdfast_inode_bury_locked(struct inode *inode)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_record *tombstone = &fs->scratch;

	lockdep_assert_held(&fs->lock);
	memset(tombstone, 0, sizeof(*tombstone));
	tombstone->number = holdfast_inode(inode)->record.number;
	tombstone->type = cpu_to_le32(HOLDFAST_RECORD_TYPE_FREE);
	tombstone->generation = cpu_to_le32(inode->i_generation);
	holdfast_commit_locked(fs, tombstone);
}

/**
 * holdfast_inode_changed() - set the times of a change of content, and commit
 * @inode: the inode
 */
void holdfast_inode_changed(struct inode *inode)
{
<#if kernel.fact("inode_mtime") == "accessor">
	inode_set_mtime_to_ts(inode, inode_set_ctime_current(inode));
<#elseif kernel.fact("inode_ctime") == "accessor">
	inode->i_mtime = inode_set_ctime_current(inode);
<#else>
	inode->i_ctime = current_time(inode);
	inode->i_mtime = inode->i_ctime;
</#if>
	holdfast_inode_commit(inode);
}

/**
 * holdfast_inode_getattr() - inode_operations.getattr
 * @${idmap}: of the mount
 * @path: the file
 * @stat: out
 * @request_mask: what is wanted
 * @query_flags: not used
 *
 * Return: 0.
 */
int holdfast_inode_getattr(${idmapParameter},
			   const struct path *path, struct kstat *stat,
			   u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct holdfast_record *record = &holdfast_inode(inode)->record;

<#if kernel.fact("fillattr_request_mask") == "yes">
	generic_fillattr(${idmap}, request_mask, inode, stat);
<#else>
	generic_fillattr(${idmap}, inode, stat);
</#if>
	stat->btime = time_from(record->btime_seconds,
				record->btime_nanoseconds);
	stat->result_mask |= STATX_BTIME;
	return 0;
}

/**
 * holdfast_inode_setattr() - inode_operations.setattr
 * @${idmap}: of the mount
 * @dentry: the file
 * @attr: what to set
 *
 * Return: 0 or a negative errno.
 */
int holdfast_inode_setattr(${idmapParameter},
			   struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	int err;

	err = setattr_prepare(${idmap}, dentry, attr);
	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE) {
		/* truncate(2) leaves it to the file system to set the times. */
		if (attr->ia_size != i_size_read(inode))
			attr->ia_valid |= ATTR_MTIME | ATTR_CTIME;
		err = holdfast_file_resize(inode, attr->ia_size);
		if (err)
			return err;
	}
	/* All of it in one commit: reading the file commits too, at any time. */
	mutex_lock(&fs->lock);
	setattr_copy(${idmap}, inode, attr);
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	mutex_unlock(&fs->lock);
	return 0;
}

/**
 * holdfast_inode_update_time() - inode_operations.update_time
 * @inode: the inode
<#if kernel.fact("update_time") == "timespec64">
 * @time: the time to set
 * @flags: which times to set
 *
 * Return: 0.
 */
int holdfast_inode_update_time(struct inode *inode, struct timespec64 *time,
			       int flags)
{
	if (flags & S_ATIME)
		inode->i_atime = *time;
	if (flags & S_MTIME)
		inode->i_mtime = *time;
	if (flags & S_CTIME)
<#if kernel.fact("inode_ctime") == "accessor">
		inode_set_ctime_to_ts(inode, *time);
<#else>
		inode->i_ctime = *time;
</#if>
<#elseif kernel.fact("update_time") == "flags">
 * @flags: which times to set
 *
 * Return: 0.
 */
int holdfast_inode_update_time(struct inode *inode, int flags)
{
	inode_update_timestamps(inode, flags);
<#else>
 * @type: which times to set
 * @flags: how
 *
 * Return: 0 or a negative errno.
 */
int holdfast_inode_update_time(struct inode *inode, enum fs_update_time type,
			       unsigned int flags)
{
	int err = generic_update_time(inode, type, flags);

	if (err)
		return err;
</#if>
	holdfast_inode_commit(inode);
	return 0;
}

const struct inode_operations holdfast_file_inode_operations = {
	.getattr	= holdfast_inode_getattr,
	.setattr	= holdfast_inode_setattr,
	.update_time	= holdfast_inode_update_time,
<#if options.has("fiemap")>
	.fiemap		= holdfast_file_fiemap,
</#if>
};
