<#--
  SPDX-License-Identifier: GPL-2.0-only

  Words of the kernel that is rendered for. A difference that is one word long
  is named here; a longer one is an #if where it occurs.
-->
<#assign idmapParameter = (kernel.fact("idmap") == "mnt_idmap")?then("struct mnt_idmap *idmap", "struct user_namespace *mnt_userns")>
<#assign idmap = (kernel.fact("idmap") == "mnt_idmap")?then("idmap", "mnt_userns")>
<#assign noIdmap = (kernel.fact("idmap") == "mnt_idmap")?then("&nop_mnt_idmap", "&init_user_ns")>
<#assign fileIdmap = (kernel.fact("idmap") == "mnt_idmap")?then("file_mnt_idmap(file)", "file_mnt_user_ns(file)")>
<#assign crc32c = kernel.fact("crc32c")>
<#assign spliceRead = kernel.fact("splice_read")>
<#-- Memory for what a pointer will point to. -->
<#function object allocator pointer flags="GFP_KERNEL">
  <#if kernel.fact("kmalloc_obj") == "yes">
    <#return allocator + "_obj(*" + pointer + (flags == "GFP_KERNEL")?then("", ", " + flags) + ")">
  </#if>
  <#return allocator + "(sizeof(*" + pointer + "), " + flags + ")">
</#function>
<#-- Whether mappings can have pages of 2M and 1G that KVM follows. -->
<#assign huge = kernel.fact("huge_pfnmap") == "yes" && kernel.fact("huge_fault") == "order"
    && kernel.fact("insert_pmd") == "yes" && kernel.fact("insert_pud") == "yes"
    && kernel.fact("get_unmapped_area") != "current_mm">
<#-- Whether its memory can have struct pages, and whether mappings count references to them or only mark their entries. -->
<#assign devicePages = kernel.fact("device_pages") != "no">
<#assign countedPages = kernel.fact("device_pages") == "counted">
<#assign markedPages = kernel.fact("device_pages") == "marked">
<#-- Whether the kernel asks who has a page frame mapped, and whether it tells of memory errors by that or by struct pages. -->
<#assign watchedFrames = kernel.fact("register_pfn_address_space") == "yes">
<#assign toldErrors = devicePages || watchedFrames>
<#-- Whether mappings can have pages of 2M that lead to struct pages, and of any kind. -->
<#assign largeMarked = markedPages && kernel.fact("insert_pmd") == "yes">
<#assign large = huge || largeMarked>
<#-- What the search for a place to map begins with. -->
<#assign currentMm = (kernel.fact("get_unmapped_area") == "mm_file")?then("current->mm, ", "")>
<#assign unmappedArea = (kernel.fact("get_unmapped_area") == "current_mm")?then("current->mm->get_unmapped_area", "mm_get_unmapped_area")>
<#-- A page frame to be mapped, as the kernel wants it. -->
<#function frame number flags="PFN_DEV">
  <#return (kernel.fact("pfn_type") == "pfn_t")?then("__pfn_to_pfn_t(" + number + ", " + flags + ")", number)>
</#function>
