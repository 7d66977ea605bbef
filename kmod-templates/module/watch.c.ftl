// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sizes.h>

#include "format.h"
#include "watch.h"
<#if options.has("tracepoints")>

#define CREATE_TRACE_POINTS
#include "tracepoints.h"
</#if>

/**
 * holdfast_watch_init() - begin to watch
 * @watch: the watch
 * @dev: device number of the mount
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_watch_init(struct holdfast_watch *watch, dev_t dev)
{
	watch->dev = dev;
	watch->counts = alloc_percpu(struct holdfast_counts);
	return watch->counts ? 0 : -ENOMEM;
}

/**
 * holdfast_watch_destroy() - end it
 * @watch: the watch, or one that is all zeros
 */
void holdfast_watch_destroy(struct holdfast_watch *watch)
{
	free_percpu(watch->counts);
}

/**
 * holdfast_watch_sum() - what was counted
 * @watch: the watch
 * @which: of what
 *
 * Return: the number, which may have grown when it is returned.
 */
u64 holdfast_watch_sum(const struct holdfast_watch *watch,
		       enum holdfast_count which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(watch->counts, cpu)->of[which]);
	return sum;
}

static void count(struct holdfast_watch *watch, enum holdfast_count which,
		  u64 more)
{
	this_cpu_add(watch->counts->of[which], more);
}

/**
 * holdfast_watch_commit() - a record was committed
 * @watch: the watch
 * @record: the record
 */
void holdfast_watch_commit(struct holdfast_watch *watch,
			   const struct holdfast_record *record)
{
	count(watch, HOLDFAST_COMMITS, 1);
<#if options.has("tracepoints")>
	trace_holdfast_commit(watch->dev, le64_to_cpu(record->number),
			      le64_to_cpu(record->sequence),
			      le32_to_cpu(record->type));
</#if>
}

/**
 * holdfast_watch_fault() - a page fault was answered
 * @watch: the watch
 * @ino: number of the inode
 * @position: offset in the file, in bytes
 * @page: size of the page that was to be mapped, in bytes
 * @result: the answer
 */
void holdfast_watch_fault(struct holdfast_watch *watch, unsigned long ino,
			  u64 position, u64 page, vm_fault_t result)
{
<#if options.has("tracepoints")>
	trace_holdfast_fault(watch->dev, ino, position, page,
			     (__force unsigned int)result);
</#if>
	if (result != VM_FAULT_NOPAGE)
		return;
	count(watch, page >= SZ_1G ? HOLDFAST_FAULTS_1G :
		     page >= SZ_2M ? HOLDFAST_FAULTS_2M : HOLDFAST_FAULTS_4K,
	      1);
}

/**
 * holdfast_watch_alloc() - memory was taken
 * @watch: the watch
 * @start: offset in the region, in bytes
 * @length: how much, in bytes
 * @goal: where it had best started, or 0
 */
void holdfast_watch_alloc(struct holdfast_watch *watch, u64 start, u64 length,
			  u64 goal)
{
	count(watch, HOLDFAST_ALLOCATED_BYTES, length);
<#if options.has("tracepoints")>
	trace_holdfast_alloc(watch->dev, start, length, goal);
</#if>
}

/**
 * holdfast_watch_free() - memory was given back
 * @watch: the watch
 * @start: offset in the region, in bytes
 * @length: how much, in bytes
 */
void holdfast_watch_free(struct holdfast_watch *watch, u64 start, u64 length)
{
	count(watch, HOLDFAST_FREED_BYTES, length);
<#if options.has("tracepoints")>
	trace_holdfast_free(watch->dev, start, length);
</#if>
}

/**
 * holdfast_watch_scrub() - memory was cleared
 * @watch: the watch
 * @length: how much, in bytes
 */
void holdfast_watch_scrub(struct holdfast_watch *watch, u64 length)
{
	count(watch, HOLDFAST_SCRUBBED_BYTES, length);
}

/**
 * holdfast_watch_errors() - damage was found
 * @watch: the watch
 * @number: at how many places
 */
void holdfast_watch_errors(struct holdfast_watch *watch, u32 number)
{
	count(watch, HOLDFAST_ERRORS, number);
}
