// SPDX-License-Identifier: GPL-2.0-only
/* What the firmware says of memory, whatever the kernel was told to do with it. */
<#if kernel.fact("firmware_map") == "e820">
#include <linux/mm.h>
<#if kernel.fact("target_node") == "yes">
#include <linux/numa.h>
</#if>
#include <linux/sizes.h>
#include <asm/e820/api.h>

#include ${layout.uapi()}
#include "region.h"

/**
 * holdfast_region_is_memory() - is a reserved range really memory?
 * @base: physical address, in bytes
 * @size: size, in bytes
 *
 * Firmware reserves ranges too, for devices and for itself. What the operator
 * reserved is still RAM in the firmware's own memory map.
 *
 * Return: true if the range is RAM there, looked at every 2 MiB.
 */
bool holdfast_region_is_memory(u64 base, u64 size)
{
	u64 at;

	for (at = base; at < base + size; at += SZ_2M)
		if (!e820__mapped_raw_any(at, at + PAGE_SIZE, E820_TYPE_RAM))
			return false;
	return true;
}
<#else>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
<#if kernel.fact("target_node") == "yes">
#include <linux/numa.h>
</#if>
#include <linux/string.h>

#include ${layout.uapi()}
#include "region.h"

#define WORD_SIZE	32

/* The kernel keeps the map to itself, but shows it to user space. */
static bool read_word(unsigned int entry, const char *name, char *word)
{
	struct file *file;
	ssize_t length;
	loff_t at = 0;
	char path[64];

	snprintf(path, sizeof(path), "/sys/firmware/memmap/%u/%s", entry, name);
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return false;
	length = kernel_read(file, word, WORD_SIZE - 1, &at);
	filp_close(file, NULL);
	if (length <= 0)
		return false;
	word[length] = '\0';
	strim(word);
	return true;
}

static bool read_number(unsigned int entry, const char *name, u64 *number)
{
	char word[WORD_SIZE];

	return read_word(entry, name, word) && !kstrtou64(word, 0, number);
}

/**
 * holdfast_region_is_memory() - is a reserved range really memory?
 * @base: physical address, in bytes
 * @size: size, in bytes
 *
 * Firmware reserves ranges too, for devices and for itself. What the operator
 * reserved is still RAM in the firmware's own memory map.
 *
 * Return: true if all of the range is RAM there.
 */
bool holdfast_region_is_memory(u64 base, u64 size)
{
	u64 start, last, end = base + size, found = 0;
	char type[WORD_SIZE];
	unsigned int entry;

	for (entry = 0; read_number(entry, "start", &start); entry++) {
		if (!read_number(entry, "end", &last) ||
		    !read_word(entry, "type", type))
			return false;
		if (!strcmp(type, "System RAM") && start < end && last >= base)
			found += min(end, last + 1) - max(base, start);
	}
	return found == size;
}
</#if>

/**
 * holdfast_region_node() - the NUMA node of a range
 * @base: physical address, in bytes
 *
 * Return: what the firmware says, or HOLDFAST_NODE_UNKNOWN.
 */
u32 holdfast_region_node(u64 base)
{
<#if kernel.fact("target_node") == "yes">
	int node = phys_to_target_node(base);

	return node == NUMA_NO_NODE ? HOLDFAST_NODE_UNKNOWN : node;
<#else>
	/* The kernel keeps it to itself. */
	return HOLDFAST_NODE_UNKNOWN;
</#if>
}
