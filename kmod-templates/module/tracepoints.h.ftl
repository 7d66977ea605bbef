<#if options.has("tracepoints")>
/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM holdfast

#if !defined(HOLDFAST_TRACEPOINTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define HOLDFAST_TRACEPOINTS_H

#include <linux/kdev_t.h>
#include <linux/tracepoint.h>

#define show_type(type)							\
	__print_symbolic(type,						\
<#list schema.unit("format").enums?filter(enum -> enum.name == "record_type")?first.values as value>
<#assign pair = "{ " + value.value + ", \"" + value.name + "\" }">
			 ${value?is_last?then(pair + ")", pair + ",\t\t\t\t\\")}
</#list>

/* A record was committed: all that it says is on the region. */
TRACE_EVENT(holdfast_commit,
	    TP_PROTO(dev_t dev, u64 number, u64 sequence, u32 type),
	    TP_ARGS(dev, number, sequence, type),
	    TP_STRUCT__entry(__field(dev_t, dev)
			     __field(u64, number)
			     __field(u64, sequence)
			     __field(u32, type)),
	    TP_fast_assign(__entry->dev = dev;
			   __entry->number = number;
			   __entry->sequence = sequence;
			   __entry->type = type;),
	    TP_printk("dev=%d:%d record=%llu sequence=%llu type=%s",
		      MAJOR(__entry->dev), MINOR(__entry->dev), __entry->number,
		      __entry->sequence, show_type(__entry->type))
);

#define show_fault(result)						\
	__print_flags(result, "|",					\
		      { (__force unsigned int)VM_FAULT_OOM, "OOM" },	\
		      { (__force unsigned int)VM_FAULT_SIGBUS, "SIGBUS" }, \
		      { (__force unsigned int)VM_FAULT_HWPOISON, "HWPOISON" }, \
		      { (__force unsigned int)VM_FAULT_NOPAGE, "NOPAGE" }, \
		      { (__force unsigned int)VM_FAULT_RETRY, "RETRY" },	\
		      { (__force unsigned int)VM_FAULT_FALLBACK, "FALLBACK" })

/* A page fault was answered; the page is as large as it was to be mapped. */
TRACE_EVENT(holdfast_fault,
	    TP_PROTO(dev_t dev, unsigned long ino, u64 position, u64 page,
		     unsigned int result),
	    TP_ARGS(dev, ino, position, page, result),
	    TP_STRUCT__entry(__field(dev_t, dev)
			     __field(unsigned long, ino)
			     __field(u64, position)
			     __field(u64, page)
			     __field(unsigned int, result)),
	    TP_fast_assign(__entry->dev = dev;
			   __entry->ino = ino;
			   __entry->position = position;
			   __entry->page = page;
			   __entry->result = result;),
	    TP_printk("dev=%d:%d ino=%lu offset=0x%llx page=0x%llx result=%s",
		      MAJOR(__entry->dev), MINOR(__entry->dev), __entry->ino,
		      __entry->position, __entry->page,
		      show_fault(__entry->result))
);

/* Memory of the region was taken, at best where a goal says. */
TRACE_EVENT(holdfast_alloc,
	    TP_PROTO(dev_t dev, u64 start, u64 length, u64 goal),
	    TP_ARGS(dev, start, length, goal),
	    TP_STRUCT__entry(__field(dev_t, dev)
			     __field(u64, start)
			     __field(u64, length)
			     __field(u64, goal)),
	    TP_fast_assign(__entry->dev = dev;
			   __entry->start = start;
			   __entry->length = length;
			   __entry->goal = goal;),
	    TP_printk("dev=%d:%d offset=0x%llx length=0x%llx goal=0x%llx",
		      MAJOR(__entry->dev), MINOR(__entry->dev), __entry->start,
		      __entry->length, __entry->goal)
);

/* Memory of the region was given back. */
TRACE_EVENT(holdfast_free,
	    TP_PROTO(dev_t dev, u64 start, u64 length),
	    TP_ARGS(dev, start, length),
	    TP_STRUCT__entry(__field(dev_t, dev)
			     __field(u64, start)
			     __field(u64, length)),
	    TP_fast_assign(__entry->dev = dev;
			   __entry->start = start;
			   __entry->length = length;),
	    TP_printk("dev=%d:%d offset=0x%llx length=0x%llx",
		      MAJOR(__entry->dev), MINOR(__entry->dev), __entry->start,
		      __entry->length)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ${layout.tracePath()}
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoints
#include <trace/define_trace.h>
</#if>
