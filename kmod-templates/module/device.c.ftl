<#include "/idioms.ftl">
<#if options.has("raw-device")>
// SPDX-License-Identifier: GPL-2.0-only
/* /dev/holdfast: what can be done with a region that is not mounted. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "vfs.h"

static int check_format_args(const struct holdfast_format_args *args)
{
	if (args->size != sizeof(*args) || args->reserved ||
	    args->flags & ~HOLDFAST_FORMAT_KNOWN ||
	    args->label[sizeof(args->label) - 1])
		return -EINVAL;
	if (args->record_slots &&
	    (args->record_slots < HOLDFAST_RECORD_SLOTS_MIN ||
	     args->record_slots > HOLDFAST_RECORD_SLOTS_MAX)) {
		pr_err("0x%llx: refused: %u record slots, must be %u to %u\n",
		       args->region_base, args->record_slots,
		       HOLDFAST_RECORD_SLOTS_MIN, HOLDFAST_RECORD_SLOTS_MAX);
		return -EINVAL;
	}
	return 0;
}

static void clear(void *memory, size_t size)
{
	size_t part;

	for (; size; memory += part, size -= part) {
		part = min_t(size_t, size, SZ_2M);
		memset(memory, 0, part);
		cond_resched();
	}
}

static void write_root(const struct holdfast_region *region,
		       const struct holdfast_superblock *sb,
		       struct holdfast_record *root)
{
	struct holdfast_records records;
	size_t table;

	holdfast_records_init(&records, region->memory, sb);
	table = (size_t)records.slots * sizeof(*root);
	clear(records.a, table);
	clear(records.b, table);

	root->number = cpu_to_le64(HOLDFAST_ROOT_RECORD);
	root->parent = cpu_to_le64(HOLDFAST_ROOT_RECORD);
	root->supersedes = cpu_to_le64(HOLDFAST_NO_RECORD);
	root->type = cpu_to_le32(HOLDFAST_RECORD_TYPE_DIRECTORY);
	root->mode = cpu_to_le32(0755);
	root->generation = cpu_to_le32(1);
	root->atime_seconds = sb->format_seconds;
	root->mtime_seconds = sb->format_seconds;
	root->ctime_seconds = sb->format_seconds;
	root->btime_seconds = sb->format_seconds;
	holdfast_records_commit(&records, root);
}

/* Until the new superblock is there, what is there is no region. */
static int write_region(const struct holdfast_region *region,
			const struct holdfast_format_args *args,
			struct holdfast_superblock *sb,
			struct holdfast_record *root)
{
	enum holdfast_verdict verdict;

	verdict = holdfast_superblock_find(region->memory, region->base, sb,
					   NULL);
	if (verdict != HOLDFAST_ABSENT &&
	    !(args->flags & HOLDFAST_FORMAT_OVERWRITE)) {
		pr_err("0x%llx: refused: there is a region already\n",
		       region->base);
		return -EEXIST;
	}
	if (holdfast_range_head_seen(region->memory) &&
	    !(args->flags & HOLDFAST_FORMAT_OVERWRITE)) {
		pr_err("0x%llx: refused: it is a range of another region\n",
		       region->base);
		return -EEXIST;
	}

	holdfast_superblock_init(sb, region->base, region->size,
				 args->record_slots);
	if (le64_to_cpu(sb->data_offset) >= region->size) {
		pr_err("0x%llx: refused: %u record slots leave no room for data\n",
		       region->base, le32_to_cpu(sb->record_slots));
		return -EINVAL;
	}
	if (!(args->flags & HOLDFAST_FORMAT_PLAIN)) {
		sb->compat = cpu_to_le64(HOLDFAST_COMPAT_KNOWN);
		sb->ro_compat = cpu_to_le64(HOLDFAST_RO_COMPAT_KNOWN);
		sb->incompat = cpu_to_le64(HOLDFAST_INCOMPAT_KNOWN);
		sb->node = cpu_to_le32(holdfast_region_node(region->base));
	}
	memcpy(sb->uuid, args->uuid, sizeof(sb->uuid));
	if (!memchr_inv(sb->uuid, 0, sizeof(sb->uuid)))
		generate_random_uuid(sb->uuid);
	strscpy(sb->label, args->label, sizeof(sb->label));
	sb->format_seconds = cpu_to_le64(ktime_get_real_seconds());

	holdfast_superblock_erase(region->memory);
	write_root(region, sb, root);
	holdfast_superblock_commit(region->memory, sb);
	pr_info("0x%llx+0x%llx: formatted, %u record slots\n", region->base,
		region->size, le32_to_cpu(sb->record_slots));
	return 0;
}

static int format_claimed(const struct holdfast_region *region,
			  const struct holdfast_format_args *args)
{
	struct holdfast_superblock *sb = ${object("kzalloc", "sb")};
	struct holdfast_record *root = ${object("kzalloc", "root")};
	int err = -ENOMEM;

	if (sb && root)
		err = write_region(region, args, sb, root);
	kfree(root);
	kfree(sb);
	return err;
}

static long format_region(void __user *user)
{
	struct holdfast_region region = {};
	struct holdfast_format_args args;
	int err;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	err = check_format_args(&args);
	if (err)
		return err;
	err = holdfast_region_claim(&region, args.region_base,
				    args.region_size);
	if (err)
		return err;
	if (holdfast_region_is_memory(region.base, region.size)) {
		err = format_claimed(&region, &args);
	} else {
		pr_err("0x%llx+0x%llx: refused: the firmware does not list it as RAM\n",
		       region.base, region.size);
		err = -ENXIO;
	}
	holdfast_region_release(&region);
	return err;
}

/* A region that must not be mounted here can still say why. */
static int read_head(u64 base, struct holdfast_superblock *sb, u32 *bad_copies)
{
	struct holdfast_region head = {};
	enum holdfast_verdict verdict;
	int err;

	err = holdfast_region_claim(&head, base, HOLDFAST_REGION_MIN_SIZE);
	if (err)
		return err;
	verdict = holdfast_superblock_find(head.memory, base, sb, bad_copies);
	holdfast_region_release(&head);
	if (verdict == HOLDFAST_VALID || verdict == HOLDFAST_UNKNOWN_FEATURE)
		return 0;
	return holdfast_refuse(verdict, base, sb);
}

static long describe_region(void __user *user)
{
	struct holdfast_region_info info;
	struct holdfast_superblock *sb;
	u32 bad_copies;
	int err;

	if (copy_from_user(&info, user, sizeof(info)))
		return -EFAULT;
	if (info.size != sizeof(info))
		return -EINVAL;
	sb = ${object("kmalloc", "sb")};
	if (!sb)
		return -ENOMEM;

	err = read_head(info.region_base, sb, &bad_copies);
	if (!err) {
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		info.superblocks_repaired = bad_copies;
		holdfast_info_identity(&info, sb);
		if (copy_to_user(user, &info, sizeof(info)))
			err = -EFAULT;
	}
	kfree(sb);
	return err;
}

/* One that must not be mounted here can still say where all of it is. */
static long describe_range(void __user *user)
{
	struct holdfast_range_args args;
	struct holdfast_superblock *sb;
	int err;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args))
		return -EINVAL;
	sb = ${object("kmalloc", "sb")};
	if (!sb)
		return -ENOMEM;

	err = read_head(args.region_base, sb, NULL);
	if (!err) {
		holdfast_range_describe(&args, sb);
		if (args.index >= args.count)
			err = -EINVAL;
		else if (copy_to_user(user, &args, sizeof(args)))
			err = -EFAULT;
	}
	kfree(sb);
	return err;
}

/* A file that was told no size learns it from the superblock. */
static int find_size(struct holdfast_attach_args *args)
{
	struct holdfast_superblock *sb;
	int err;

	if (args->region_size)
		return 0;
	sb = ${object("kmalloc", "sb")};
	if (!sb)
		return -ENOMEM;
	err = read_head(args->region_base, sb, NULL);
	if (!err)
		args->region_size = le64_to_cpu(sb->size);
	kfree(sb);
	return err;
}

static long attach_region(struct file *file, void __user *user)
{
	struct holdfast_attach_args args;
	int err;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) || args.reserved ||
	    args.flags & ~HOLDFAST_ATTACH_KNOWN)
		return -EINVAL;
	err = find_size(&args);
	if (!err)
		err = holdfast_attach(file, &args);
	if (!err && copy_to_user(user, &args, sizeof(args)))
		err = -EFAULT;
	return err;
}

static long holdfast_device_ioctl(struct file *file, unsigned int command,
				  unsigned long argument)
{
	void __user *user = (void __user *)argument;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	switch (command) {
	case HOLDFAST_IOC_FORMAT:
		return format_region(user);
	case HOLDFAST_IOC_REGION_INFO:
		return describe_region(user);
	case HOLDFAST_IOC_RANGE:
		return describe_range(user);
	case HOLDFAST_IOC_ATTACH:
		return attach_region(file, user);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations holdfast_device_operations = {
	.owner		= THIS_MODULE,
	.open		= holdfast_attach_open,
	.release	= holdfast_attach_release,
	.read		= holdfast_attach_read,
	.write		= holdfast_attach_write,
	.llseek		= holdfast_attach_seek,
	/* Memory is all there is. */
	.fsync		= noop_fsync,
	.unlocked_ioctl	= holdfast_device_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice holdfast_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "holdfast",
	.fops	= &holdfast_device_operations,
	.mode	= 0600,
};

/**
 * holdfast_device_create() - make /dev/holdfast
 *
 * Return: 0 or a negative errno.
 */
int holdfast_device_create(void)
{
	return misc_register(&holdfast_device);
}

/**
 * holdfast_device_destroy() - take /dev/holdfast away
 */
void holdfast_device_destroy(void)
{
	misc_deregister(&holdfast_device);
}
</#if>
