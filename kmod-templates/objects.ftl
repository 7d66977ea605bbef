<#-- SPDX-License-Identifier: GPL-2.0-only -->
# Each line knows only those below it.
holdfast-y := main.o
holdfast-y += super.o inode.o dir.o file.o fallocate.o
holdfast-y += ioctl.o info.o layout.o limit.o upgrade.o retire.o grow.o<#if options.has("raw-device")> device.o</#if>
holdfast-y += sysfs.o
<#if options.has("raw-device")>
holdfast-y += attach.o
</#if>
holdfast-y += map.o
holdfast-y += pagesize.o
holdfast-y += derive.o content.o draft.o store.o placement.o refuse.o
<#if kernel.fact("register_pfn_address_space") == "yes" || kernel.fact("device_pages") != "no">
holdfast-y += poison.o
</#if>
<#if kernel.fact("device_pages") != "no">
holdfast-y += quarantine.o
</#if>
holdfast-y += survey.o
holdfast-y += tree.o account.o runs.o
holdfast-y += extents.o
holdfast-y += leaves.o records.o superblock.o retired.o ranges.o copies.o
<#if kernel.fact("device_pages") != "no">
holdfast-y += pages.o
</#if>
holdfast-y += region.o firmware.o
holdfast-y += watch.o
<#if options.has("tracepoints") && !layout.inTree()>
# The kernel's headers include tracepoints.h once more, by this path.
CFLAGS_watch.o := -I$(src)
</#if>
<#if options.has("fault-injection")>
holdfast-y += fault.o
</#if>
