<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories. Creating, renaming and unlinking each commit one record of the
 * entry itself; the directory's own times follow in a commit of their own.
 */
#include <linux/slab.h>

#include "vfs.h"

/* Positions of readdir: "." and "..", then record numbers. */
#define FIRST_ENTRY	2

static struct holdfast_node *node_of(const struct inode *inode)
{
	return holdfast_inode(inode)->node;
}

static struct dentry *holdfast_dir_lookup(struct inode *dir,
					  struct dentry *dentry,
					  unsigned int flags)
{
	struct holdfast_node *node;
	struct inode *inode = NULL;

	if (dentry->d_name.len > HOLDFAST_NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	node = holdfast_node_find(node_of(dir), dentry->d_name.name,
				  dentry->d_name.len);
	if (node)
		inode = holdfast_inode_get(dir->i_sb, node);
	return d_splice_alias(inode, dentry);
}

static int add_entry(${idmapParameter},
		     struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct holdfast_fs *fs = holdfast_fs(dir->i_sb);
	struct inode *inode;

	inode = holdfast_inode_new(${idmap}, dir, &dentry->d_name, mode);
	if (IS_ERR(inode))
		return PTR_ERR(inode);

	mutex_lock(&fs->lock);
	/* The VFS holds the directory and found no such name. */
	WARN_ON_ONCE(holdfast_node_link(node_of(inode), node_of(dir)));
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	mutex_unlock(&fs->lock);
	if (S_ISDIR(mode))
		inc_nlink(dir);
	holdfast_inode_changed(dir);
	d_instantiate_new(dentry, inode);
	return 0;
}

static int holdfast_dir_create(${idmapParameter},
			       struct inode *dir, struct dentry *dentry,
<#if kernel.fact("create_excl") == "yes">
			       umode_t mode, bool excl)
<#else>
			       umode_t mode)
</#if>
{
	return add_entry(${idmap}, dir, dentry, mode);
}

<#if kernel.fact("mkdir_returns") == "dentry">
static struct dentry *holdfast_dir_mkdir(${idmapParameter},
					 struct inode *dir,
					 struct dentry *dentry, umode_t mode)
{
	return ERR_PTR(add_entry(${idmap}, dir, dentry, mode | S_IFDIR));
}
<#else>
static int holdfast_dir_mkdir(${idmapParameter},
			      struct inode *dir, struct dentry *dentry,
			      umode_t mode)
{
	return add_entry(${idmap}, dir, dentry, mode | S_IFDIR);
}
</#if>

/* Take an entry out of the tree and its record out of the region. */
static void remove_locked(struct inode *inode)
{
	holdfast_node_unlink(node_of(inode));
	clear_nlink(inode);
	holdfast_inode_bury_locked(inode);
}

static int holdfast_dir_unlink(struct inode *dir, struct dentry *dentry)
{
	struct holdfast_fs *fs = holdfast_fs(dir->i_sb);

	mutex_lock(&fs->lock);
	remove_locked(d_inode(dentry));
	mutex_unlock(&fs->lock);
	holdfast_inode_changed(dir);
	return 0;
}

static int holdfast_dir_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!holdfast_node_empty(node_of(d_inode(dentry))))
		return -ENOTEMPTY;
	drop_nlink(dir);
	return holdfast_dir_unlink(dir, dentry);
}

/* Another directory pays for the node from now on, if its limits let it. */
static int move_charge(struct holdfast_node *node, u64 bytes,
		       struct holdfast_account *to)
{
	struct holdfast_account *from = holdfast_node_charged(node);
	u64 files = 1;
	int err;

	if (node->directory) {
		bytes = node->account->bytes;
		files += node->account->files;
	}
	err = holdfast_account_move(from, to, bytes, files);
	if (err)
		return err;
	if (node->directory) {
		holdfast_account_attach(node->account, to);
	} else {
		node->account = holdfast_account_get(to);
		holdfast_account_put(from);
	}
	return 0;
}

/*
 * One commit moves the entry and names the one that it replaces; until that
 * one's record is buried, it is dead because its sequence is lower.
 */
static void move_locked(struct inode *inode, struct inode *target,
			struct inode *to, char *name, u32 length)
{
	struct holdfast_node *node = node_of(inode);
	u64 supersedes = HOLDFAST_NO_RECORD;

	if (target) {
		supersedes = node_of(target)->number;
		holdfast_node_unlink(node_of(target));
		clear_nlink(target);
	}
	holdfast_node_unlink(node);
	holdfast_node_rename(node, name, length);
	/* The VFS holds both directories, and the target is gone. */
	WARN_ON_ONCE(holdfast_node_link(node, node_of(to)));
<#if kernel.fact("inode_ctime") == "accessor">
	inode_set_ctime_current(inode);
<#else>
	inode->i_ctime = current_time(inode);
</#if>
	holdfast_inode_commit_locked(inode, supersedes);
	if (target)
		holdfast_inode_bury_locked(target);
}

static int holdfast_dir_rename(${idmapParameter},
			       struct inode *from, struct dentry *old,
			       struct inode *to, struct dentry *new,
			       unsigned int flags)
{
	struct holdfast_fs *fs = holdfast_fs(from->i_sb);
	struct inode *inode = d_inode(old);
	struct inode *target = d_inode(new);
	bool directory = S_ISDIR(inode->i_mode);
	char *name;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	if (target && directory && !holdfast_node_empty(node_of(target)))
		return -ENOTEMPTY;
	name = holdfast_node_name(&new->d_name);
	if (!name)
		return -ENOMEM;

	mutex_lock(&fs->lock);
	err = move_charge(node_of(inode),
			  holdfast_runs_bytes(&holdfast_inode(inode)->runs),
			  node_of(to)->account);
	if (!err)
		move_locked(inode, target, to, name, new->d_name.len);
	mutex_unlock(&fs->lock);
	if (err) {
		kfree(name);
		return err;
	}

	if (directory) {
		drop_nlink(from);
		if (!target)
			inc_nlink(to);
	}
	holdfast_inode_changed(from);
	if (to != from)
		holdfast_inode_changed(to);
	return 0;
}

static int holdfast_dir_iterate(struct file *file, struct dir_context *context)
{
	struct holdfast_node *directory = node_of(file_inode(file));
	struct holdfast_node *node;

	if (!dir_emit_dots(file, context))
		return 0;
	while ((node = holdfast_node_next(directory,
					  context->pos - FIRST_ENTRY))) {
		context->pos = node->number + FIRST_ENTRY;
		if (!dir_emit(context, node->name, node->name_length,
			      node->number + 1,
			      node->directory ? DT_DIR : DT_REG))
			return 0;
		context->pos++;
	}
	return 0;
}

const struct inode_operations holdfast_dir_inode_operations = {
	.lookup		= holdfast_dir_lookup,
	.create		= holdfast_dir_create,
	.mkdir		= holdfast_dir_mkdir,
	.unlink		= holdfast_dir_unlink,
	.rmdir		= holdfast_dir_rmdir,
	.rename		= holdfast_dir_rename,
	.getattr	= holdfast_inode_getattr,
	.setattr	= holdfast_inode_setattr,
	.update_time	= holdfast_inode_update_time,
};

const struct file_operations holdfast_dir_operations = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= holdfast_dir_iterate,
	.fsync		= noop_fsync,
	.unlocked_ioctl	= holdfast_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};
