<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/* The size of the pages that mappings use: of a mount, and of a file. */
#include <linux/capability.h>
<#if huge>
#include <linux/cpufeature.h>
</#if>
#include <linux/fs_context.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "vfs.h"

const struct constant_table holdfast_page_sizes[] = {
	{ "4K", PAGE_SHIFT },
	{ "2M", PMD_SHIFT },
	{ "1G", PUD_SHIFT },
	{}
};

/**
 * holdfast_page_size_allow() - can this kernel map pages of a size?
 * @fc: where to say why not
 * @shift: binary logarithm of the size; one of holdfast_page_sizes
 * @device: its memory has struct pages
 *
 * Mounting takes CAP_SYS_ADMIN, which pages of 1G need.
 *
 * Return: 0 or -EINVAL.
 */
int holdfast_page_size_allow(struct fs_context *fc, unsigned int shift,
			     bool device)
{
	if (device && shift > holdfast_page_size_default(true))
		return invalfc(fc, "pagesize=: with pages=device this kernel can only map %s here",
			       holdfast_page_size_word(holdfast_page_size_default(true)));
<#if huge>
	if (shift == PUD_SHIFT && !boot_cpu_has(X86_FEATURE_GBPAGES))
		return invalfc(fc, "pagesize=1G: this processor has no such pages");
<#else>
	if (!device && shift > PAGE_SHIFT)
		return invalfc(fc, "pagesize=: this kernel can only map 4K here");
</#if>
	return 0;
}

/**
 * holdfast_page_size_default() - the largest page that is good for everybody
 * @device: the memory has struct pages
 *
 * Return: binary logarithm of its size.
 */
unsigned int holdfast_page_size_default(bool device)
{
<#if huge && largeMarked>
	return PMD_SHIFT;
<#elseif huge>
	return device ? PAGE_SHIFT : PMD_SHIFT;
<#elseif largeMarked>
	return device ? PMD_SHIFT : PAGE_SHIFT;
<#else>
	return PAGE_SHIFT;
</#if>
}

/**
 * holdfast_page_size_word() - what a page size is called
 * @shift: binary logarithm of the size
 *
 * Return: the word that the mount option takes.
 */
const char *holdfast_page_size_word(unsigned int shift)
{
	const struct constant_table *size = holdfast_page_sizes;

	while (size->value != shift)
		size++;
	return size->name;
}

/**
 * holdfast_page_shift() - the largest page that a new mapping of a file uses
 * @inode: the file
 *
 * A file that asks for nothing, or for what nobody here knows, gets what the
 * mount has; but 1G goes only to those who are trusted, by the administrator who
 * set the file so, or for being one.
 *
 * Return: binary logarithm of the size.
 */
unsigned int holdfast_page_shift(struct inode *inode)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	__le32 stored = READ_ONCE(holdfast_inode(inode)->record.page_shift);
	unsigned int shift = le32_to_cpu(stored);

	if (shift == PAGE_SHIFT || shift == PMD_SHIFT || shift == PUD_SHIFT)
		return min(shift, fs->page_shift);
	if (fs->page_shift == PUD_SHIFT &&
	    !ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		return PMD_SHIFT;
	return fs->page_shift;
}

static int check_choice(struct file *file, u64 size)
{
	struct inode *inode = file_inode(file);

	if (!inode_owner_or_capable(${fileIdmap}, inode))
		return -EPERM;
	if (size && size != PAGE_SIZE && size != PMD_SIZE && size != PUD_SIZE)
		return -EINVAL;
	if (size > 1ULL << holdfast_fs(inode->i_sb)->page_shift)
		return -EOPNOTSUPP;
	if (size == PUD_SIZE && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return 0;
}

static int choose(struct file *file, u64 size)
{
	struct inode *inode = file_inode(file);
	int err;

	err = check_choice(file, size);
	if (err)
		return err;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	inode_lock(inode);
	WRITE_ONCE(holdfast_inode(inode)->record.page_shift,
		   cpu_to_le32(size ? ilog2(size) : 0));
	holdfast_inode_commit(inode);
	inode_unlock(inode);
	mnt_drop_write_file(file);
	return 0;
}

/**
 * holdfast_page_size_ioctl() - HOLDFAST_IOC_PAGE_SIZE
 * @file: the file
 * @user: arguments in user space
 *
 * Return: 0, -ENOTTY (a directory), -EINVAL, -EFAULT; when setting also -EPERM,
 * -EROFS, -EOPNOTSUPP (larger than what the mount uses).
 */
long holdfast_page_size_ioctl(struct file *file,
			      struct holdfast_page_size_args __user *user)
{
	struct inode *inode = file_inode(file);
	struct holdfast_page_size_args args;
	unsigned int shift;
	int err;

	if (!S_ISREG(inode->i_mode))
		return -ENOTTY;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) || args.flags & ~HOLDFAST_PAGE_SIZE_SET)
		return -EINVAL;
	if (args.flags & HOLDFAST_PAGE_SIZE_SET) {
		err = choose(file, args.chosen);
		if (err)
			return err;
	}
	shift = le32_to_cpu(READ_ONCE(holdfast_inode(inode)->record.page_shift));
	args.chosen = shift && shift < BITS_PER_TYPE(args.chosen) ?
		      1ULL << shift : 0;
	args.used = 1ULL << holdfast_page_shift(inode);
	return copy_to_user(user, &args, sizeof(args)) ? -EFAULT : 0;
}
