<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/utsname.h>

#include ${layout.uapi()}
<#if devicePages>
#include "pages.h"
</#if>
#include "vfs.h"

/**
 * struct holdfast_options - mount options
 * @base: physical address of the region, in bytes
 * @size: its size, in bytes; 0 takes it from the superblock
 * @page_shift: binary logarithm of the largest page of mappings; 0: not given
 * @page_model: one of PAGES_NONE, PAGES_DEVICE; 0: not given
 * @has_base: base was given
 */
struct holdfast_options {
	u64 base;
	u64 size;
	unsigned int page_shift;
	unsigned int page_model;
	bool has_base;
};

enum { OPTION_BASE, OPTION_SIZE, OPTION_PAGESIZE, OPTION_PAGES };

enum { PAGES_NONE = 1, PAGES_DEVICE };

static const struct constant_table page_models[] = {
	{ "none", PAGES_NONE },
	{ "device", PAGES_DEVICE },
	{}
};

static const struct fs_parameter_spec holdfast_parameters[] = {
	fsparam_string("base", OPTION_BASE),
	fsparam_string("size", OPTION_SIZE),
	fsparam_enum("pagesize", OPTION_PAGESIZE, holdfast_page_sizes),
	fsparam_enum("pages", OPTION_PAGES, page_models),
	{}
};

/* A number of bytes: decimal or 0x, with an optional K, M, G or T. */
static int parse_bytes(struct fs_context *fc, struct fs_parameter *param,
		       u64 *bytes)
{
	char *end;

	*bytes = memparse(param->string, &end);
	if (end == param->string || *end)
		return invalfc(fc, "%s=%s is not a number of bytes", param->key,
			      param->string);
	return 0;
}

static int holdfast_parse_param(struct fs_context *fc,
				struct fs_parameter *param)
{
	struct holdfast_options *options = fc->fs_private;
	struct fs_parse_result result;
	int option = fs_parse(fc, holdfast_parameters, param, &result);

	switch (option) {
	case OPTION_BASE:
		options->has_base = true;
		return parse_bytes(fc, param, &options->base);
	case OPTION_SIZE:
		return parse_bytes(fc, param, &options->size);
	case OPTION_PAGESIZE:
		options->page_shift = result.uint_32;
		return 0;
	case OPTION_PAGES:
		options->page_model = result.uint_32;
		return 0;
	default:
		return option;
	}
}

/* The superblock says how large the region is: look at its head first. */
static int find_size(u64 base, u64 *size)
{
	struct holdfast_region head = {};
	struct holdfast_superblock *sb;
	enum holdfast_verdict verdict;
	int err;

	sb = ${object("kmalloc", "sb")};
	if (!sb)
		return -ENOMEM;
	err = holdfast_region_claim(&head, base, HOLDFAST_REGION_MIN_SIZE);
	if (err)
		goto out;
	verdict = holdfast_superblock_find(head.memory, base, sb, NULL);
	holdfast_region_release(&head);
	if (verdict == HOLDFAST_VALID)
		*size = le64_to_cpu(sb->size);
	else
		err = holdfast_refuse(verdict, base, sb);
out:
	kfree(sb);
	return err;
}

static int read_superblock(struct holdfast_fs *fs)
{
	u64 size = fs->region.size, base = fs->region.base;
	enum holdfast_verdict verdict;

	verdict = holdfast_superblock_find(fs->region.memory, base,
					   &fs->superblock,
					   &fs->superblocks_repaired);
	if (verdict != HOLDFAST_VALID)
		return holdfast_refuse(verdict, base, &fs->superblock);
	if (le64_to_cpu(fs->superblock.size) != size) {
		pr_err("0x%llx: refused: size=0x%llx given, the superblock says 0x%llx\n",
		       base, size, le64_to_cpu(fs->superblock.size));
		return -EINVAL;
	}
	holdfast_watch_errors(&fs->watch, fs->superblocks_repaired);
	if (fs->superblocks_repaired)
		pr_warn("0x%llx: one superblock was bad, the other serves\n",
			base);
	return 0;
}

/* A mount for writing leaves its name, and with it both copies in step. */
static void sign_superblock(struct holdfast_fs *fs)
{
	strscpy_pad(fs->superblock.writer_release,
		    init_utsname()->release,
		    sizeof(fs->superblock.writer_release));
	holdfast_superblock_commit(fs->region.memory, &fs->superblock);
}

static int open_region(struct holdfast_fs *fs, struct super_block *sb,
		       const struct holdfast_options *options)
{
	u64 size = options->size;
	int err;

	if (!size) {
		err = find_size(options->base, &size);
		if (err)
			return err;
	}
	err = holdfast_region_claim(&fs->region, options->base, size);
	if (err)
		return err;
	err = read_superblock(fs);
	if (err)
		return err;
	if (holdfast_unknown_ro_compat(&fs->superblock) && !sb_rdonly(sb)) {
		pr_warn("0x%llx: mounted read-only: uses features 0x%llx that are not known here\n",
			fs->region.base,
			holdfast_unknown_ro_compat(&fs->superblock));
		sb->s_flags |= SB_RDONLY;
	}

	holdfast_records_init(&fs->records, fs->region.memory, &fs->superblock);
	holdfast_tree_init(&fs->tree, fs->records.slots);
	fs->space.base = fs->region.base;
	fs->space.superblock = &fs->superblock;
	fs->space.watch = &fs->watch;
	err = holdfast_grow_open(fs);
	if (err)
		return err;
<#if devicePages>
	if (options->page_model == PAGES_DEVICE) {
		fs->pages = holdfast_pages_make(&fs->region);
		if (IS_ERR(fs->pages)) {
			err = PTR_ERR(fs->pages);
			fs->pages = NULL;
			return err;
		}
	}
</#if>
	err = holdfast_derive(fs, sb_rdonly(sb));
	if (err)
		return err;
	if (fs->leaves_lost && !sb_rdonly(sb)) {
		pr_warn("0x%llx: mounted read-only: what memory is free is not known\n",
			fs->region.base);
		sb->s_flags |= SB_RDONLY;
	}
	if (!sb_rdonly(sb)) {
		holdfast_grow_repair(fs);
		sign_superblock(fs);
	}
	return 0;
}

static void close_region(struct holdfast_fs *fs)
{
	holdfast_sysfs_remove(fs);
	if (fs->tree.slots) {
		holdfast_tree_destroy(&fs->tree);
		holdfast_space_destroy(&fs->space);
	}
<#if devicePages>
	holdfast_quarantine_close(fs);
</#if>
	holdfast_region_release(&fs->region);
	holdfast_watch_destroy(&fs->watch);
	kfree(fs);
}

static int holdfast_statfs(struct dentry *dentry, struct kstatfs *stat)
{
	struct holdfast_fs *fs = holdfast_fs(dentry->d_sb);
	u64 used = atomic_read(&fs->tree.used) + fs->records_damaged;

	stat->f_type = dentry->d_sb->s_magic;
	stat->f_bsize = HOLDFAST_BLOCK_SIZE;
	mutex_lock(&fs->lock);
	stat->f_blocks = fs->space.total / HOLDFAST_BLOCK_SIZE;
	stat->f_bfree = fs->space.free / HOLDFAST_BLOCK_SIZE;
	mutex_unlock(&fs->lock);
	stat->f_bavail = stat->f_bfree;
	stat->f_files = fs->records.slots;
	stat->f_ffree = stat->f_files - min(used, stat->f_files);
	stat->f_fsid = uuid_to_fsid(fs->superblock.uuid);
	stat->f_namelen = HOLDFAST_NAME_MAX;
	return 0;
}

static int holdfast_show_options(struct seq_file *out, struct dentry *root)
{
	struct holdfast_fs *fs = holdfast_fs(root->d_sb);

	seq_printf(out, ",base=0x%llx,size=0x%llx,pagesize=%s", fs->region.base,
		   fs->region.size, holdfast_page_size_word(fs->page_shift));
	seq_printf(out, ",pages=%s", holdfast_has_pages(fs) ? "device" : "none");
	return 0;
}

static const struct super_operations holdfast_super_operations = {
	.alloc_inode	= holdfast_inode_alloc,
	.free_inode	= holdfast_inode_free,
	.evict_inode	= holdfast_inode_evict,
	.statfs		= holdfast_statfs,
	.show_options	= holdfast_show_options,
};

static int holdfast_fill_super(struct super_block *sb, struct fs_context *fc)
{
	const struct holdfast_options *options = fc->fs_private;
	ktime_t start = ktime_get();
	struct holdfast_fs *fs;
	struct inode *root;
	int err;

	fs = ${object("kzalloc", "fs")};
	if (!fs)
		return -ENOMEM;
	mutex_init(&fs->lock);
	init_rwsem(&fs->retired_lock);
<#if devicePages>
	holdfast_quarantine_open(fs);
</#if>
	fs->page_shift = options->page_shift ?:
			 holdfast_page_size_default(options->page_model ==
						    PAGES_DEVICE);
	sb->s_fs_info = fs;
	sb->s_magic = HOLDFAST_FILESYSTEM_MAGIC;
	sb->s_blocksize = HOLDFAST_BLOCK_SIZE;
	sb->s_blocksize_bits = ilog2(HOLDFAST_BLOCK_SIZE);
	sb->s_time_gran = 1;
	sb->s_op = &holdfast_super_operations;

	err = holdfast_watch_init(&fs->watch, sb->s_dev);
	if (err)
		return err;
	err = open_region(fs, sb, options);
	if (err)
		return err;
<#if toldErrors>
	err = holdfast_poison_start(sb, holdfast_retire_lost);
	if (err)
		return err;
</#if>
	sb->s_maxbytes = HOLDFAST_FILE_MAX;
	if (!holdfast_sparse(fs))
		sb->s_maxbytes = min_t(u64, fs->region.size, HOLDFAST_FILE_MAX);
	memcpy(&sb->s_uuid, fs->superblock.uuid, sizeof(sb->s_uuid));

	root = holdfast_inode_get(sb, holdfast_tree_get(&fs->tree,
							HOLDFAST_ROOT_RECORD));
	if (IS_ERR(root))
		return PTR_ERR(root);
	sb->s_root = d_make_root(root);
	if (!sb->s_root)
		return -ENOMEM;
	err = holdfast_sysfs_add(fs);
	if (err)
		return err;
	fs->mount_nanoseconds = ktime_to_ns(ktime_sub(ktime_get(), start));
	pr_info("0x%llx+0x%llx: mounted, %d records, %llu of %llu bytes free\n",
		fs->region.base, holdfast_region_size(&fs->region),
		atomic_read(&fs->tree.used), fs->space.free, fs->space.total);
	return 0;
}

/* What each of these allows depends on the other. */
static int allow_pages(struct fs_context *fc,
		       const struct holdfast_options *options)
{
	bool device = options->page_model == PAGES_DEVICE;

<#if !devicePages>
	if (device) {
		errorfc(fc, "pages=device: this kernel was built without what that takes (CONFIG_ZONE_DEVICE)");
		return -EOPNOTSUPP;
	}
</#if>
	if (!options->page_shift)
		return 0;
	return holdfast_page_size_allow(fc, options->page_shift, device);
}

static int holdfast_get_tree(struct fs_context *fc)
{
	struct holdfast_options *options = fc->fs_private;
	int err;

	if (!options->has_base)
		return invalfc(fc, "base= is missing: the physical address of the region");
	err = allow_pages(fc, options);
	if (err)
		return err;
	return get_tree_nodev(fc, holdfast_fill_super);
}

static int holdfast_reconfigure(struct fs_context *fc)
{
	const struct holdfast_options *options = fc->fs_private;
	bool device = options->page_model == PAGES_DEVICE;
	struct super_block *sb = fc->root->d_sb;
	struct holdfast_fs *fs = holdfast_fs(sb);
	u64 unknown = holdfast_unknown_ro_compat(&fs->superblock);

	if (options->page_shift && options->page_shift != fs->page_shift)
		return invalfc(fc, "pagesize= cannot change: unmount and mount again");
	if (options->page_model && device != holdfast_has_pages(fs))
		return invalfc(fc, "pages= cannot change: unmount and mount again");
	if (!sb_rdonly(sb) || fc->sb_flags & SB_RDONLY)
		return 0;
	if (unknown) {
		errorfc(fc, "cannot become writable: uses features 0x%llx that are not known here",
			unknown);
		return -EROFS;
	}
	return invalfc(fc, "cannot become writable: unmount and mount again");
}

static void holdfast_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations holdfast_context_operations = {
	.parse_param	= holdfast_parse_param,
	.get_tree	= holdfast_get_tree,
	.reconfigure	= holdfast_reconfigure,
	.free		= holdfast_free_fc,
};

static int holdfast_init_fs_context(struct fs_context *fc)
{
	struct holdfast_options *options;

	options = ${object("kzalloc", "options")};
	if (!options)
		return -ENOMEM;
	fc->fs_private = options;
	fc->ops = &holdfast_context_operations;
	return 0;
}

static void holdfast_kill_sb(struct super_block *sb)
{
	struct holdfast_fs *fs = holdfast_fs(sb);

<#if toldErrors>
	if (fs)
		holdfast_poison_stop(fs);
</#if>
	kill_anon_super(sb);
	if (fs)
		close_region(fs);
}

struct file_system_type holdfast_type = {
	.owner			= THIS_MODULE,
	.name			= "holdfast",
	.init_fs_context	= holdfast_init_fs_context,
	.parameters		= holdfast_parameters,
	.kill_sb		= holdfast_kill_sb,
};
MODULE_ALIAS_FS("holdfast");
