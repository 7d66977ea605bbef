<#-- SPDX-License-Identifier: GPL-2.0-only -->
# Each line knows only those below it.
holdfast-y := main.o
holdfast-y += super.o inode.o dir.o file.o info.o<#if options.has("raw-device")> device.o</#if>
holdfast-y += map.o
holdfast-y += derive.o content.o refuse.o
holdfast-y += tree.o
holdfast-y += extents.o
holdfast-y += records.o superblock.o copies.o
holdfast-y += region.o<#if options.has("raw-device")> firmware.o</#if>
<#if options.has("fault-injection")>
holdfast-y += fault.o
</#if>
