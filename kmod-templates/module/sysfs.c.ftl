<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/* /sys/fs/holdfast/UUID: a mounted region, one value a file. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "retired.h"
#include "vfs.h"

/**
 * struct region_file - a file in the folder of a region
 * @attribute: its name and mode
 * @show: writes its text; the file system is locked
 */
struct region_file {
	struct attribute attribute;
	ssize_t (*show)(const struct holdfast_fs *fs, char *text);
};

/* The file @file, which shows @value of the region @fs. */
#define REGION_FILE(file, access, format, value)			\
static ssize_t file##_show(const struct holdfast_fs *fs, char *text)	\
{									\
	return sysfs_emit(text, format "\n", value);			\
}									\
static struct region_file file##_file = {				\
	.attribute = { .name = __stringify(file), .mode = (access) },	\
	.show = file##_show,						\
}

REGION_FILE(label, 0444, "%s", fs->superblock.label);
/* Where memory is physically is not for everybody. */
REGION_FILE(base, 0400, "0x%llx", fs->region.base);
REGION_FILE(size, 0444, "%llu", holdfast_region_size(&fs->region));
REGION_FILE(free, 0444, "%llu", fs->space.free);
REGION_FILE(largest_contiguous, 0444, "%llu",
	    holdfast_space_largest(&fs->space, HOLDFAST_ALL_POOLS));
REGION_FILE(retired, 0444, "%llu", holdfast_retired_bytes(&fs->superblock));
REGION_FILE(page_model, 0444, "%s", holdfast_has_pages(fs) ? "device" : "none");
REGION_FILE(quarantined, 0444, "%llu", ${devicePages?then("fs->quarantined", "0ULL")});
REGION_FILE(generation, 0444, "%llu", le64_to_cpu(fs->superblock.generation));
REGION_FILE(writer, 0444, "%s", fs->superblock.writer_release);

/* A line for each range: where it is, how long, on which node, what is free. */
static ssize_t ranges_show(const struct holdfast_fs *fs, char *text)
{
	const struct holdfast_region *range = &fs->region;
	const struct holdfast_pool *pool = fs->space.pools;
	ssize_t length = 0;

	for (; range; range = range->next, pool++)
		length += sysfs_emit_at(text, length, "0x%llx %llu %d %llu\n",
					range->base, range->size,
					(int)pool->node, pool->free);
	return length;
}

static struct region_file ranges_file = {
	.attribute = { .name = "ranges", .mode = 0400 },
	.show = ranges_show,
};

static struct attribute *region_attributes[] = {
	&label_file.attribute,
	&base_file.attribute,
	&size_file.attribute,
	&ranges_file.attribute,
	&free_file.attribute,
	&largest_contiguous_file.attribute,
	&retired_file.attribute,
	&page_model_file.attribute,
	&quarantined_file.attribute,
	&generation_file.attribute,
	&writer_file.attribute,
	NULL
};

static const struct attribute_group region_group = {
	.attrs	= region_attributes,
};

REGION_FILE(record_slots, 0444, "%u", fs->records.slots);
REGION_FILE(records_used, 0444, "%d", atomic_read(&fs->tree.used));
REGION_FILE(data_offset, 0444, "%llu", le64_to_cpu(fs->superblock.data_offset));

static struct attribute *geometry_attributes[] = {
	&record_slots_file.attribute,
	&records_used_file.attribute,
	&data_offset_file.attribute,
	NULL
};

static const struct attribute_group geometry_group = {
	.name	= "geometry",
	.attrs	= geometry_attributes,
};

REGION_FILE(compat, 0444, "0x%llx", le64_to_cpu(fs->superblock.compat));
REGION_FILE(ro_compat, 0444, "0x%llx", le64_to_cpu(fs->superblock.ro_compat));
REGION_FILE(incompat, 0444, "0x%llx", le64_to_cpu(fs->superblock.incompat));

static struct attribute *features_attributes[] = {
	&compat_file.attribute,
	&ro_compat_file.attribute,
	&incompat_file.attribute,
	NULL
};

static const struct attribute_group features_group = {
	.name	= "features",
	.attrs	= features_attributes,
};

#define COUNTER_FILE(file, which)					\
	REGION_FILE(file, 0444, "%llu",					\
		    holdfast_watch_sum(&fs->watch, which))

COUNTER_FILE(faults_4k, HOLDFAST_FAULTS_4K);
COUNTER_FILE(faults_2m, HOLDFAST_FAULTS_2M);
COUNTER_FILE(faults_1g, HOLDFAST_FAULTS_1G);
COUNTER_FILE(commits, HOLDFAST_COMMITS);
COUNTER_FILE(allocated_bytes, HOLDFAST_ALLOCATED_BYTES);
COUNTER_FILE(freed_bytes, HOLDFAST_FREED_BYTES);
COUNTER_FILE(scrubbed_bytes, HOLDFAST_SCRUBBED_BYTES);
COUNTER_FILE(errors, HOLDFAST_ERRORS);

static struct attribute *counters_attributes[] = {
	&faults_4k_file.attribute,
	&faults_2m_file.attribute,
	&faults_1g_file.attribute,
	&commits_file.attribute,
	&allocated_bytes_file.attribute,
	&freed_bytes_file.attribute,
	&scrubbed_bytes_file.attribute,
	&errors_file.attribute,
	NULL
};

static const struct attribute_group counters_group = {
	.name	= "counters",
	.attrs	= counters_attributes,
};

static const struct attribute_group *region_groups[] = {
	&region_group,
	&geometry_group,
	&features_group,
	&counters_group,
	NULL
};

static ssize_t show(struct kobject *folder, struct attribute *attribute,
		    char *text)
{
	struct holdfast_fs *fs = container_of(folder, struct holdfast_fs,
					      folder);
	const struct region_file *file = container_of(attribute,
						      struct region_file,
						      attribute);
	ssize_t length;

	mutex_lock(&fs->lock);
	length = file->show(fs, text);
	mutex_unlock(&fs->lock);
	return length;
}

static const struct sysfs_ops region_operations = {
	.show	= show,
};

static void release(struct kobject *folder)
{
	complete(&container_of(folder, struct holdfast_fs,
			       folder)->folder_released);
}

static const struct kobj_type region_type = {
	.sysfs_ops	= &region_operations,
	.default_groups	= region_groups,
	.release	= release,
};

static struct kset *regions;

/**
 * holdfast_sysfs_create() - make /sys/fs/holdfast
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_sysfs_create(void)
{
	regions = kset_create_and_add("holdfast", NULL, fs_kobj);
	return regions ? 0 : -ENOMEM;
}

/**
 * holdfast_sysfs_destroy() - take /sys/fs/holdfast away
 */
void holdfast_sysfs_destroy(void)
{
	kset_unregister(regions);
}

static void put_folder(struct holdfast_fs *fs)
{
	kobject_put(&fs->folder);
	wait_for_completion(&fs->folder_released);
}

static int add_folder(struct holdfast_fs *fs)
{
	char name[UUID_STRING_LEN + 1];
	struct kobject *same;
	int err;

	snprintf(name, sizeof(name), "%pU", fs->superblock.uuid);
	same = kset_find_obj(regions, name);
	if (same) {
		kobject_put(same);
		pr_warn("0x%llx: not shown in /sys/fs/holdfast: another region %s is\n",
			fs->region.base, name);
		return 0;
	}
	init_completion(&fs->folder_released);
	fs->folder.kset = regions;
	err = kobject_init_and_add(&fs->folder, &region_type, NULL, "%s", name);
	if (err) {
		put_folder(fs);
		return err;
	}
	/* Taking it away tells so by itself. */
	kobject_uevent(&fs->folder, KOBJ_ADD);
	return 0;
}

/**
 * holdfast_sysfs_add() - show a region
 * @fs: the region, mounted
 *
 * A copy of a region that is mounted has the same name: it goes without.
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_sysfs_add(struct holdfast_fs *fs)
{
	static DEFINE_MUTEX(adding);
	int err;

	/* Two copies may be mounted at once. */
	mutex_lock(&adding);
	err = add_folder(fs);
	mutex_unlock(&adding);
	return err;
}

/**
 * holdfast_sysfs_remove() - hide a region
 * @fs: the region; nothing happens if it is not shown
 *
 * When it returns, nobody reads the files any more.
 */
void holdfast_sysfs_remove(struct holdfast_fs *fs)
{
	if (!fs->folder.state_in_sysfs)
		return;
	kobject_del(&fs->folder);
	put_folder(fs);
}
