<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of files into processes: page frames without struct pages, unless
 * the region was mounted with the page model device.
 *
 * The region's write-back mapping, held as long as it is mounted, makes the
 * entries cached; see holdfast_region_claim().
 */
#include <linux/mm.h>
<#if large>
#include <linux/mman.h>
</#if>
<#if kernel.fact("pfn_type") == "pfn_t">
#include <linux/pfn_t.h>
</#if>
<#if large>
#include <linux/sched/mm.h>
</#if>

<#if countedPages>
#include "pages.h"
</#if>
#include "vfs.h"

/* Frames that one fault of a small page maps at most, around the address. */
#define AROUND	16UL

/* Physical address of a byte of a file, 0 in a hole, or HOLDFAST_LOST. */
static u64 address_of(struct inode *inode, u64 position, u64 *length)
{
	u64 offset = holdfast_content_find(inode, position, length);

	if (!offset || offset == HOLDFAST_LOST)
		return offset;
	return holdfast_fs(inode->i_sb)->region.base + offset;
}

static bool maps_here(struct vm_fault *vmf, pgoff_t page, pgoff_t end)
{
	struct vm_area_struct *vma = vmf->vma;

	return page >= vma->vm_pgoff && page < vma->vm_pgoff + vma_pages(vma) &&
	       page < end;
}

<#if devicePages>
/*
 * Others can find the struct pages of what is mapped, and pin them. What is
 * mapped privately is for reading: a copy has struct pages anyway.
 */
static bool shows_pages(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_MAYSHARE &&
	       holdfast_has_pages(holdfast_fs(file_inode(vma->vm_file)->i_sb));
}

</#if>
<#if markedPages>
/* Entries that are marked so are not counted, but lead to struct pages. */
static u64 flags_of(const struct vm_area_struct *vma)
{
	return shows_pages(vma) ? PFN_DEV | PFN_MAP : PFN_DEV;
}

</#if>
<#if countedPages>
/* The kernel counts an entry as a use of the page, and maps just this one. */
static vm_fault_t map_counted(struct vm_fault *vmf, unsigned long frame)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct holdfast_pages *pages = holdfast_fs(inode->i_sb)->pages;
	vm_fault_t result;

	down_read(&pages->mapping);
	result = vmf_insert_page_mkwrite(vmf, pfn_to_page(frame),
					 vmf->flags & FAULT_FLAG_WRITE);
	up_read(&pages->mapping);
	return result;
}

</#if>
/* Map one page of the file, at the place that it has in the mapping. */
static vm_fault_t map_page(struct vm_fault *vmf, struct inode *inode,
			   pgoff_t page)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long frame, place;
	u64 address, length;

	address = address_of(inode, (u64)page << PAGE_SHIFT, &length);
	if (address == HOLDFAST_LOST)
		return VM_FAULT_HWPOISON;
	if (!address)
		return VM_FAULT_SIGBUS;
	frame = PHYS_PFN(address);
	place = vma->vm_start + ((page - vma->vm_pgoff) << PAGE_SHIFT);
<#if countedPages>
	if (shows_pages(vma))
		return map_counted(vmf, frame);
</#if>
	if (vma->vm_flags & VM_MIXEDMAP)
<#if markedPages>
		return vmf_insert_mixed(vma, place,
					${frame("frame", "flags_of(vma)")});
<#else>
		return vmf_insert_mixed(vma, place, ${frame("frame")});
</#if>
	return vmf_insert_pfn(vma, place, frame);
}

/* A hole gets memory before it can be mapped. */
static vm_fault_t fill_hole(struct vm_fault *vmf, struct inode *inode,
			    bool *filled)
{
	u64 position = (u64)vmf->pgoff << PAGE_SHIFT, length;

	*filled = !holdfast_content_find(inode, position, &length);
	if (!*filled)
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
	bool filled;

	filemap_invalidate_lock_shared(inode->i_mapping);
	end = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
	if (vmf->pgoff >= end) {
		result = VM_FAULT_SIGBUS;
		goto out;
	}
	result = fill_hole(vmf, inode, &filled);
	if (result)
		goto out;
	result = map_page(vmf, inode, vmf->pgoff);
	/* Beside a hole there are holes, or pages that were mapped as it was. */
	if (result != VM_FAULT_NOPAGE || filled)
		goto out;
<#if countedPages>
	if (shows_pages(vmf->vma))
		goto out;
</#if>
	/* The neighbours are a favour: the fault is served without them. */
	for (page = first; page < first + AROUND; page++)
		if (maps_here(vmf, page, end) &&
		    map_page(vmf, inode, page) != VM_FAULT_NOPAGE)
			break;
out:
	holdfast_watch_fault(&holdfast_fs(inode->i_sb)->watch, inode->i_ino,
			     (u64)vmf->pgoff << PAGE_SHIFT, PAGE_SIZE, result);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return result;
}

static ssize_t copy_locked(struct inode *inode, u64 position, void *buffer,
			   size_t length, bool write)
{
	u64 size = round_up(i_size_read(inode), PAGE_SIZE), run;
	void *memory;

	if (position >= size)
		return -EFAULT;
	if (holdfast_content_touch(inode, position, PAGE_SIZE))
		return -EFAULT;
	memory = holdfast_content_at(inode, position, &run);
	if (WARN_ON_ONCE(!memory) || IS_ERR(memory))
		return -EFAULT;
	length = min_t(u64, length, run);
	if (write)
		memcpy(memory, buffer, length);
	else
		memcpy(buffer, memory, length);
	return length;
}

/*
 * What a debugger reads or writes, up to the end of the page: the kernel finds
 * no struct pages there. What a private mapping wrote has struct pages, so that
 * it never comes here to write.
 */
static int holdfast_map_access(struct vm_area_struct *vma, unsigned long place,
			       void *buffer, int length, int write)
{
	struct inode *inode = file_inode(vma->vm_file);
	u64 position = ((u64)vma->vm_pgoff << PAGE_SHIFT) +
		       (place - vma->vm_start);
	ssize_t done;

	if (write && (vma->vm_flags & (VM_WRITE | VM_SHARED)) !=
		     (VM_WRITE | VM_SHARED))
		return -EACCES;
	filemap_invalidate_lock_shared(inode->i_mapping);
	done = copy_locked(inode, position, buffer,
			   min_t(size_t, length, PAGE_SIZE - offset_in_page(place)),
			   write);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return done;
}

/* No page_mkwrite: it would cost a second fault for every page. */
static const struct vm_operations_struct small_operations = {
	.fault	= holdfast_map_fault,
	.access	= holdfast_map_access,
};

<#assign pageFrame = markedPages?then(frame("frame", "flags_of(vma)"), frame("frame"))>
<#if large>
/*
 * Physical address of a huge page of a file, or 0 if its memory is none there. A
 * hole is filled.
 */
static u64 huge_address(struct inode *inode, u64 position, u64 size)
{
	u64 address, length;

	if (position + size > round_up(i_size_read(inode), PAGE_SIZE))
		return 0;
	address = address_of(inode, position, &length);
	if (!address && length >= size) {
		/* If there is not that much, a small page may do. */
		if (holdfast_content_touch(inode, position, size))
			return 0;
		address = address_of(inode, position, &length);
	}
	return IS_ALIGNED(address, size) && length >= size ? address : 0;
}

/* Map one huge page around the address that faulted, if there is one. */
static vm_fault_t map_huge(struct vm_fault *vmf, unsigned int order)
{
	struct vm_area_struct *vma = vmf->vma;
	struct inode *inode = file_inode(vma->vm_file);
	unsigned long size = PAGE_SIZE << order, frame;
	unsigned long place = ALIGN_DOWN(vmf->address, size);
<#if huge>
	bool write = vmf->flags & FAULT_FLAG_WRITE;
</#if>
	vm_fault_t result = VM_FAULT_FALLBACK;
	u64 position;

	if (place < vma->vm_start || place + size > vma->vm_end)
		return VM_FAULT_FALLBACK;
	position = ((u64)vma->vm_pgoff << PAGE_SHIFT) +
		   (place - vma->vm_start);
	filemap_invalidate_lock_shared(inode->i_mapping);
	frame = PHYS_PFN(huge_address(inode, position, size));
	if (!frame)
		goto out;
<#if huge>
	if (order == PUD_ORDER)
		result = vmf_insert_pfn_pud(vmf, ${pageFrame}, write);
	else
		result = vmf_insert_pfn_pmd(vmf, ${pageFrame}, write);
<#else>
	/* Not as a write, which warns of the small pages of a racing fault. */
	result = vmf_insert_pfn_pmd(vmf, ${pageFrame}, false);
</#if>
out:
	holdfast_watch_fault(&holdfast_fs(inode->i_sb)->watch, inode->i_ino,
			     position, size, result);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return result;
}

<#if huge>
static vm_fault_t holdfast_map_large_fault(struct vm_fault *vmf,
					   unsigned int order)
{
	return order == PMD_ORDER ? map_huge(vmf, order) : VM_FAULT_FALLBACK;
}

static const struct vm_operations_struct large_operations = {
	.fault		= holdfast_map_fault,
	.huge_fault	= holdfast_map_large_fault,
	.access		= holdfast_map_access,
};

static vm_fault_t holdfast_map_giant_fault(struct vm_fault *vmf,
					   unsigned int order)
{
	if (order != PMD_ORDER && order != PUD_ORDER)
		return VM_FAULT_FALLBACK;
	return map_huge(vmf, order);
}

/*
 * A mapping is being copied, for fork or mremap. mremap loses entries of 1G that
 * it moves, and does not flush them from the processor: take them out before.
 * They cannot come back, the mapping is locked until it has been moved.
 */
static void holdfast_map_giant_open(struct vm_area_struct *vma)
{
	unmap_mapping_range(vma->vm_file->f_mapping, 0, 0, 0);
}

/* The kernel cannot take a mapping apart inside an entry of 1G. */
static int holdfast_map_giant_may_split(struct vm_area_struct *vma,
					unsigned long place)
{
	return IS_ALIGNED(place, PUD_SIZE) ? 0 : -EINVAL;
}

static const struct vm_operations_struct giant_operations = {
	.open		= holdfast_map_giant_open,
	.may_split	= holdfast_map_giant_may_split,
	.fault		= holdfast_map_fault,
	.huge_fault	= holdfast_map_giant_fault,
	.access		= holdfast_map_access,
};

<#else>
/*
 * This kernel does not ask for huge pages here, but takes one for an answer
 * where it has no small ones yet.
 */
static vm_fault_t holdfast_map_large_fault(struct vm_fault *vmf)
{
	if (pmd_none(*vmf->pmd) &&
	    map_huge(vmf, HPAGE_PMD_ORDER) == VM_FAULT_NOPAGE)
		return VM_FAULT_NOPAGE;
	return holdfast_map_fault(vmf);
}

static const struct vm_operations_struct large_operations = {
	.fault	= holdfast_map_large_fault,
	.access	= holdfast_map_access,
};

</#if>
/* The largest page that a new mapping of this length can have. */
static unsigned int shift_for(struct inode *inode, unsigned long length)
{
	unsigned int shift = holdfast_page_shift(inode);

	if (shift == PUD_SHIFT && length < PUD_SIZE)
		shift = PMD_SHIFT;
	if (shift == PMD_SHIFT && length < PMD_SIZE)
		shift = PAGE_SHIFT;
	return shift;
}

<#if huge>
/*
 * A mapping keeps the operations that it was made with: what a file is set to
 * later does not make entries that its mappings cannot have.
 */
static const struct vm_operations_struct *operations_for(struct inode *inode,
							 unsigned long length)
{
	switch (shift_for(inode, length)) {
	case PUD_SHIFT:
		return &giant_operations;
	case PMD_SHIFT:
		return &large_operations;
	default:
		return &small_operations;
	}
}

<#else>
/* A mapping keeps the operations that it was made with. */
static const struct vm_operations_struct *operations_for(struct inode *inode,
							 unsigned long length)
{
	return shift_for(inode, length) == PMD_SHIFT ? &large_operations :
						       &small_operations;
}

</#if>
/**
 * holdfast_map_place() - file_operations.get_unmapped_area
 * @file: the file
 * @hint: where the caller wants the mapping, or 0
 * @length: its length, in bytes
 * @page: page of the file that it starts with
 * @flags: of mmap(2)
 *
 * Huge pages need a place that lies in its huge page as the memory in its own.
 *
 * Return: the place, or a negative errno.
 */
unsigned long holdfast_map_place(struct file *file, unsigned long hint,
				 unsigned long length, unsigned long page,
				 unsigned long flags)
{
	struct inode *inode = file_inode(file);
	unsigned long size = 1UL << shift_for(inode, length), place;
	u64 address, run;

	if (hint || flags & MAP_FIXED || size == PAGE_SIZE ||
	    length + size < length)
		goto anywhere;
	filemap_invalidate_lock_shared(inode->i_mapping);
	address = address_of(inode, (u64)page << PAGE_SHIFT, &run);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	/* A hole gets memory that lies in its huge page as it does itself. */
	if (!address || address == HOLDFAST_LOST)
		address = (u64)page << PAGE_SHIFT;
	place = ${unmappedArea}(${currentMm}file, 0, length + size, page, flags);
	if (!IS_ERR_VALUE(place))
		return place + ((address - place) & (size - 1));
anywhere:
	return ${unmappedArea}(${currentMm}file, hint, length, page, flags);
}

</#if>
<#assign sharedOperations = large?then("operations_for(inode, length)", "&small_operations")>
<#if kernel.fact("mmap") == "mmap_prepare">
/**
 * holdfast_map() - file_operations.mmap_prepare
 * @desc: the mapping to be
 *
 * A private mapping has small pages, and struct pages for what it writes.
 *
 * Return: 0.
 */
int holdfast_map(struct vm_area_desc *desc)
{
<#if large || devicePages>
	struct inode *inode = file_inode(desc->file);
<#if large>
	unsigned long length = desc->end - desc->start;
</#if>

</#if>
	file_accessed(desc->file);
<#if kernel.fact("register_pfn_address_space") == "yes">
	holdfast_poison_mapped(file_inode(desc->file));
</#if>
<#if devicePages>
	if (vma_desc_test(desc, VMA_MAYSHARE_BIT) &&
	    holdfast_has_pages(holdfast_fs(inode->i_sb))) {
<#if countedPages>
		vma_desc_set_flags(desc, VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT);
<#else>
		vma_desc_set_flags(desc, VMA_MIXEDMAP_BIT, VMA_DONTEXPAND_BIT,
				   VMA_DONTDUMP_BIT);
</#if>
		desc->vm_ops = ${sharedOperations};
	} else if (vma_desc_test(desc, VMA_MAYSHARE_BIT)) {
<#else>
	if (vma_desc_test(desc, VMA_MAYSHARE_BIT)) {
</#if>
		vma_desc_set_flags(desc, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT,
				   VMA_DONTDUMP_BIT);
		desc->vm_ops = ${sharedOperations};
	} else {
		vma_desc_set_flags(desc, VMA_MIXEDMAP_BIT, VMA_DONTEXPAND_BIT);
		desc->vm_ops = &small_operations;
	}
	return 0;
}
<#else>
<#if kernel.fact("vm_flags") == "vm_flags_set">
<#macro setFlags flags>
		vm_flags_set(vma, ${flags});
</#macro>
<#else>
<#macro setFlags flags>
		vma->vm_flags |= ${flags};
</#macro>
</#if>
/**
 * holdfast_map() - file_operations.mmap
 * @file: the file
 * @vma: the mapping
 *
 * A private mapping has small pages, and struct pages for what it writes.
 *
 * Return: 0.
 */
int holdfast_map(struct file *file, struct vm_area_struct *vma)
{
<#if large || devicePages>
	struct inode *inode = file_inode(file);
<#if large>
	unsigned long length = vma->vm_end - vma->vm_start;
</#if>

</#if>
	file_accessed(file);
<#if kernel.fact("register_pfn_address_space") == "yes">
	holdfast_poison_mapped(file_inode(file));
</#if>
<#if devicePages>
	if (vma->vm_flags & VM_MAYSHARE &&
	    holdfast_has_pages(holdfast_fs(inode->i_sb))) {
<@setFlags countedPages?then("VM_DONTEXPAND | VM_DONTDUMP", "VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP")/>
		vma->vm_ops = ${sharedOperations};
	} else if (vma->vm_flags & VM_MAYSHARE) {
<#else>
	if (vma->vm_flags & VM_MAYSHARE) {
</#if>
<@setFlags "VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP"/>
		vma->vm_ops = ${sharedOperations};
	} else {
<@setFlags "VM_MIXEDMAP | VM_DONTEXPAND"/>
		vma->vm_ops = &small_operations;
	}
	return 0;
}
</#if>
