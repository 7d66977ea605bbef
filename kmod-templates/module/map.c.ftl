// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of files into processes: page frames without struct pages.
 *
 * The region's write-back mapping, held as long as it is mounted, makes the
 * entries cached; see holdfast_region_claim().
 */
#include <linux/mm.h>

#include "vfs.h"

/* Frames that one fault maps at most, around the address that faulted. */
#define AROUND	16UL

static bool maps_here(struct vm_fault *vmf, pgoff_t page, pgoff_t end)
{
	struct vm_area_struct *vma = vmf->vma;

	return page >= vma->vm_pgoff && page < vma->vm_pgoff + vma_pages(vma) &&
	       page < end;
}

/* Map one page of the file, at the place that it has in the mapping. */
static vm_fault_t map_page(struct vm_fault *vmf, struct inode *inode,
			   pgoff_t page)
{
	struct vm_area_struct *vma = vmf->vma;
	u64 base = holdfast_fs(inode->i_sb)->region.base;
	u64 offset, length;

	offset = holdfast_content_find(inode, (u64)page << PAGE_SHIFT, &length);
	if (!offset)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vma, vma->vm_start +
			      ((page - vma->vm_pgoff) << PAGE_SHIFT),
			      PHYS_PFN(base + offset));
}

/* A hole gets memory before it can be mapped. */
static vm_fault_t fill_hole(struct vm_fault *vmf, struct inode *inode)
{
	u64 position = (u64)vmf->pgoff << PAGE_SHIFT, length;

	if (holdfast_content_find(inode, position, &length))
		return 0;
	switch (holdfast_content_touch(inode, position, PAGE_SIZE)) {
	case 0:
		return 0;
	case -ENOMEM:
		return VM_FAULT_OOM;
	case -EINTR:
		return VM_FAULT_NOPAGE;
	default:
		return VM_FAULT_SIGBUS;
	}
}

static vm_fault_t holdfast_map_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	pgoff_t first = round_down(vmf->pgoff, AROUND), page, end;
	vm_fault_t result;

	filemap_invalidate_lock_shared(inode->i_mapping);
	end = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
	if (vmf->pgoff >= end) {
		result = VM_FAULT_SIGBUS;
		goto out;
	}
	result = fill_hole(vmf, inode);
	if (result)
		goto out;
	result = map_page(vmf, inode, vmf->pgoff);
	if (result != VM_FAULT_NOPAGE)
		goto out;
	/* The neighbours are a favour: the fault is served without them. */
	for (page = first; page < first + AROUND; page++)
		if (maps_here(vmf, page, end) &&
		    map_page(vmf, inode, page) != VM_FAULT_NOPAGE)
			break;
out:
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return result;
}

/* No page_mkwrite: it would cost a second fault for every page. */
static const struct vm_operations_struct holdfast_map_operations = {
	.fault	= holdfast_map_fault,
};

<#if kernel.fact("mmap") == "mmap_prepare">
/**
 * holdfast_map() - file_operations.mmap_prepare
 * @desc: the mapping to be
 *
 * Return: 0, or -ENODEV for a private mapping: copy-on-write needs struct
 * pages.
 */
int holdfast_map(struct vm_area_desc *desc)
{
	if (!vma_desc_test(desc, VMA_MAYSHARE_BIT))
		return -ENODEV;
	file_accessed(desc->file);
	vma_desc_set_flags(desc, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT,
			   VMA_DONTDUMP_BIT);
	desc->vm_ops = &holdfast_map_operations;
	return 0;
}
<#else>
/**
 * holdfast_map() - file_operations.mmap
 * @file: the file
 * @vma: the mapping
 *
 * Return: 0, or -ENODEV for a private mapping: copy-on-write needs struct
 * pages.
 */
int holdfast_map(struct file *file, struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -ENODEV;
	file_accessed(file);
<#if kernel.fact("vm_flags") == "vm_flags_set">
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
<#else>
	vma->vm_flags |= VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
</#if>
	vma->vm_ops = &holdfast_map_operations;
	return 0;
}
</#if>
