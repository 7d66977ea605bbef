<#include "/idioms.ftl">
<#if layout.inTree()>
# SPDX-License-Identifier: GPL-2.0-only

config HOLDFAST_FS
	tristate "Holdfast, memory that stays in place over kexec"
	depends on X86_64
<#if devicePages>
	depends on ZONE_DEVICE
</#if>
	select CRC32
	help
	  A file system over physical memory that the kernel was told to leave
	  alone. The guest memory and the machine states of virtual machines
	  that it holds are in the same place after the kernel was replaced by
	  kexec, and need not be copied.

	  To compile this as a module, choose M here: the module will be
	  called holdfast. If unsure, say N.
</#if>
