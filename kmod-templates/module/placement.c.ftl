<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/* Where a file gets its memory: on which NUMA node. */
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "vfs.h"

static u32 policy_of(const struct inode *inode)
{
	return le32_to_cpu(holdfast_inode(inode)->record.placement);
}

static u32 pools_wished(const struct inode *inode)
{
	const struct holdfast_inode *own = holdfast_inode(inode);

	switch (policy_of(inode)) {
	case HOLDFAST_PLACEMENT_POLICY_PREFER:
	case HOLDFAST_PLACEMENT_POLICY_BIND:
		return holdfast_space_on_node(&holdfast_fs(inode->i_sb)->space,
					      le32_to_cpu(own->record.placement_node));
	default:
		return HOLDFAST_ALL_POOLS;
	}
}

/**
 * holdfast_placement_pools() - where a file can get memory
 * @inode: the file; the file system is locked
 *
 * Return: a set of pools.
 */
u32 holdfast_placement_pools(const struct inode *inode)
{
	return policy_of(inode) == HOLDFAST_PLACEMENT_POLICY_BIND ?
	       pools_wished(inode) : HOLDFAST_ALL_POOLS;
}

/**
 * holdfast_placement_alloc() - take one run for a file
 * @inode: the file; the file system is locked
 * @wish: where it would best be; @pools is filled in
 * @length: in: bytes wanted; out: bytes taken
 *
 * Return: offset of the run in the region, or 0 if there is nothing free that
 * the file can have.
 */
u64 holdfast_placement_alloc(const struct inode *inode,
			     struct holdfast_wish *wish, u64 *length)
{
	struct holdfast_space *space = &holdfast_fs(inode->i_sb)->space;
	u64 start;

	wish->pools = pools_wished(inode);
	start = holdfast_space_alloc(space, wish, length);
	if (start)
		return start;
	wish->pools = holdfast_placement_pools(inode);
	return holdfast_space_alloc(space, wish, length);
}

static int check_choice(struct file *file,
			const struct holdfast_placement_args *args)
{
	struct inode *inode = file_inode(file);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	u32 pools;

	if (!inode_owner_or_capable(${fileIdmap}, inode))
		return -EPERM;
	if (args->policy == HOLDFAST_PLACEMENT_POLICY_ANY)
		return args->node ? -EINVAL : 0;
	if (args->policy != HOLDFAST_PLACEMENT_POLICY_PREFER &&
	    args->policy != HOLDFAST_PLACEMENT_POLICY_BIND)
		return -EINVAL;
	mutex_lock(&fs->lock);
	pools = holdfast_space_on_node(&fs->space, args->node);
	mutex_unlock(&fs->lock);
	return pools ? 0 : -EINVAL;
}

static int choose(struct file *file, const struct holdfast_placement_args *args)
{
	struct inode *inode = file_inode(file);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_inode *own = holdfast_inode(inode);
	int err;

	err = check_choice(file, args);
	if (err)
		return err;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	inode_lock(inode);
	mutex_lock(&fs->lock);
	own->record.placement = cpu_to_le32(args->policy);
	own->record.placement_node = cpu_to_le32(args->node);
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	mutex_unlock(&fs->lock);
	inode_unlock(inode);
	mnt_drop_write_file(file);
	return 0;
}

/**
 * holdfast_placement_ioctl() - HOLDFAST_IOC_PLACEMENT
 * @file: the file
 * @user: address of a struct holdfast_placement_args in user space
 *
 * Return: 0, -ENOTTY (a directory), -EFAULT, -EINVAL (no such policy, or no
 * range on that node); when setting also -EPERM, -EROFS.
 */
int holdfast_placement_ioctl(struct file *file, void __user *user)
{
	struct inode *inode = file_inode(file);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_placement_args args;
	int err;

	if (!S_ISREG(inode->i_mode))
		return -ENOTTY;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) ||
	    args.flags & ~HOLDFAST_PLACEMENT_KNOWN)
		return -EINVAL;
	if (args.flags & HOLDFAST_PLACEMENT_SET) {
		err = choose(file, &args);
		if (err)
			return err;
	}
	mutex_lock(&fs->lock);
	args.policy = policy_of(inode);
	args.node = le32_to_cpu(holdfast_inode(inode)->record.placement_node);
	mutex_unlock(&fs->lock);
	return copy_to_user(user, &args, sizeof(args)) ? -EFAULT : 0;
}
