<#--
  SPDX-License-Identifier: GPL-2.0-only

  Words of the kernel that is rendered for. A difference that is one word long
  is named here; a longer one is an #if where it occurs.
-->
<#assign idmapParameter = (kernel.fact("idmap") == "mnt_idmap")?then("struct mnt_idmap *idmap", "struct user_namespace *mnt_userns")>
<#assign idmap = (kernel.fact("idmap") == "mnt_idmap")?then("idmap", "mnt_userns")>
<#assign noIdmap = (kernel.fact("idmap") == "mnt_idmap")?then("&nop_mnt_idmap", "&init_user_ns")>
<#assign crc32c = kernel.fact("crc32c")>
<#assign spliceRead = kernel.fact("splice_read")>
<#-- Memory for what a pointer will point to. -->
<#function object allocator pointer flags="GFP_KERNEL">
  <#if kernel.fact("kmalloc_obj") == "yes">
    <#return allocator + "_obj(*" + pointer + (flags == "GFP_KERNEL")?then("", ", " + flags) + ")">
  </#if>
  <#return allocator + "(sizeof(*" + pointer + "), " + flags + ")">
</#function>
