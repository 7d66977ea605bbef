// SPDX-License-Identifier: GPL-2.0-only
/* HOLDFAST_IOC_REGION_INFO on a mounted region. */
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "vfs.h"

/**
 * holdfast_info_identity() - say what the superblock says
 * @info: out
 * @sb: the superblock
 */
void holdfast_info_identity(struct holdfast_region_info *info,
			    const struct holdfast_superblock *sb)
{
	info->region_base = le64_to_cpu(sb->base);
	info->region_size = le64_to_cpu(sb->size);
	info->data_offset = le64_to_cpu(sb->data_offset);
	info->generation = le64_to_cpu(sb->generation);
	info->compat = le64_to_cpu(sb->compat);
	info->ro_compat = le64_to_cpu(sb->ro_compat);
	info->incompat = le64_to_cpu(sb->incompat);
	info->format_seconds = le64_to_cpu(sb->format_seconds);
	info->range_count = 1 + holdfast_ranges_count(sb);
	info->format_version = le32_to_cpu(sb->version);
	info->record_slots = le32_to_cpu(sb->record_slots);
	memcpy(info->uuid, sb->uuid, sizeof(info->uuid));
	memcpy(info->label, sb->label, sizeof(info->label));
	memcpy(info->writer_release, sb->writer_release,
	       sizeof(info->writer_release));
}

static void describe_mount(struct holdfast_region_info *info,
			   struct super_block *sb)
{
	struct holdfast_fs *fs = holdfast_fs(sb);

	info->flags = HOLDFAST_REGION_MOUNTED;
	if (sb_rdonly(sb))
		info->flags |= HOLDFAST_REGION_READ_ONLY;
	info->records_used = atomic_read(&fs->tree.used);
	info->records_damaged = fs->records_damaged;
	info->records_repaired = fs->records_repaired;
	info->superblocks_repaired = fs->superblocks_repaired;
	info->mount_nanoseconds = fs->mount_nanoseconds;
	mutex_lock(&fs->lock);
	info->data_free = fs->space.free;
	holdfast_info_identity(info, &fs->superblock);
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_info() - HOLDFAST_IOC_REGION_INFO
 * @file: any file or directory of the region
 * @user: address of a struct holdfast_region_info in user space
 *
 * Return: 0 or a negative errno.
 */
int holdfast_info(struct file *file, void __user *user)
{
	struct holdfast_region_info info;
	u32 size;

	if (copy_from_user(&size, user, sizeof(size)))
		return -EFAULT;
	if (size != sizeof(info))
		return -EINVAL;

	memset(&info, 0, sizeof(info));
	info.size = sizeof(info);
	describe_mount(&info, file_inode(file)->i_sb);
	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}
