// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small kernel tree that declares what Linux 6.1 declares; a test changes single declarations in it. */
public final class SyntheticKernel {
    private static final String FS = """
            #ifndef _LINUX_FS_H
            #define _LINUX_FS_H
            struct inode {
            	umode_t			i_mode;
            	struct timespec64	i_mtime;
            	struct timespec64	i_ctime;
            	unsigned long		i_state;
            };
            struct super_block {
            	const struct dentry_operations *s_d_op; /* default d_op */
            };
            struct file_operations {
            	int (*mmap) (struct file *, struct vm_area_struct *);
            	int (*setlease)(struct file *, long, struct file_lock **, void **);
            };
            struct inode_operations {
            	int (*create) (struct user_namespace *, struct inode *,struct dentry *,
            		       umode_t, bool);
            	int (*mkdir) (struct user_namespace *, struct inode *,struct dentry *,
            		      umode_t);
            	int (*update_time)(struct inode *, struct timespec64 *, int);
            	int (*fileattr_get)(struct dentry *dentry, struct fileattr *fa);
            } ____cacheline_aligned;
            extern int generic_delete_inode(struct inode *inode);
            extern ssize_t generic_file_splice_read(struct file *, loff_t *,
            		struct pipe_inode_info *, size_t, unsigned int);
            void generic_fillattr(struct user_namespace *, struct inode *, struct kstat *);
            extern int generic_setlease(struct file *, long, struct file_lock **, void **priv);
            #endif /* _LINUX_FS_H */
            """;

    private static final String COMPILER_TYPES = """
            typedef unsigned int vm_fault_t;
            typedef unsigned long vm_flags_t;
            enum page_entry_size { PE_SIZE_PTE, PE_SIZE_PMD, PE_SIZE_PUD };
            struct file;
            struct follow_pfnmap_args;
            struct mm_struct;
            struct vm_area_desc;
            struct vm_area_struct;
            struct vm_fault;
            """;

    private static final String PFN_T = """
            #ifndef _LINUX_PFN_T_H_
            #define _LINUX_PFN_T_H_
            typedef struct {
            	unsigned long val;
            } pfn_t;
            #define PFN_DEV (1UL << 61)
            #define PFN_MAP (1UL << 60)
            static inline pfn_t __pfn_to_pfn_t(unsigned long pfn, unsigned long flags)
            {
            	return (pfn_t) { .val = pfn | flags };
            }
            #endif /* _LINUX_PFN_T_H_ */
            """;

    private static final String VM_AREA_DESC = """
            enum { VMA_MAYSHARE_BIT, VMA_PFNMAP_BIT, VMA_MIXEDMAP_BIT, VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT };
            struct vm_area_desc {
            	unsigned long flags;
            	const struct vm_operations_struct *vm_ops;
            };
            #define vma_desc_test(desc, bit) ((desc)->flags >> (bit) & 1)
            #define mk_vma_flags(...) __mk_vma_flags((int []) { __VA_ARGS__ })
            static inline unsigned long __mk_vma_flags(const int *bits) { return *bits; }
            static inline void vma_desc_set_flags_mask(struct vm_area_desc *desc, unsigned long flags)
            {
            	desc->flags |= flags;
            }
            #define vma_desc_set_flags(desc, ...) \\
            	vma_desc_set_flags_mask(desc, mk_vma_flags(__VA_ARGS__))
            """;

    private static final String MM = """
            #include <linux/pfn_t.h>
            struct vm_operations_struct {
            	void (*open)(struct vm_area_struct * area);
            	vm_fault_t (*huge_fault)(struct vm_fault *vmf,
            			enum page_entry_size pe_size);
            };
            vm_fault_t vmf_insert_mixed(struct vm_area_struct *vma, unsigned long addr,
            			pfn_t pfn);
            """;

    private static final String MM_TYPES = """
            struct vm_area_struct {
            	unsigned long vm_flags;		/* Flags, see mm.h. */
            };
            struct mm_struct {
            	struct {
            #ifdef CONFIG_MMU
            		unsigned long (*get_unmapped_area) (struct file *filp,
            				unsigned long addr, unsigned long len,
            				unsigned long pgoff, unsigned long flags);
            #endif
            	};
            };
            """;

    private static final String MEMREMAP = """
            struct dev_pagemap {
            	unsigned long vmemmap_shift;
            };
            """;

    private static final String CRC32 = "u32 __pure __crc32c_le(u32 crc, unsigned char const *p, size_t len);\n";
    private static final String CRC32C = "extern u32 crc32c(u32 crc, const void *address, unsigned int length);\n";

    private static final String SLAB = "void *kmalloc(size_t size, gfp_t flags);\n";
    private static final String SYSCORE = "extern void register_syscore_ops(struct syscore_ops *ops);\n";

    private static final String CONFIG = """
            CONFIG_64BIT=y
            CONFIG_X86=y
            CONFIG_MMU=y
            CONFIG_MODULES=y
            CONFIG_MODVERSIONS=y
            CONFIG_FIRMWARE_MEMMAP=y
            # CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP is not set
            """;

    private static final String[] EXPORTS = {
        "__crc32c_le",
        "crc32c",
        "copy_splice_read",
        "generic_file_splice_read",
        "generic_delete_inode",
        "inode_just_drop",
        "memremap",
        "memunmap",
        "vmf_insert_pfn",
        "vmf_insert_mixed",
        "vmf_insert_pfn_pmd_prot",
        "vmf_insert_pfn_pud_prot",
        "unmap_mapping_range",
        "region_intersects",
        "walk_iomem_res_desc",
        "e820__mapped_raw_any",
        "filp_open",
        "filp_close",
        "kernel_read",
        "misc_register",
        "misc_deregister",
        "get_tree_nodev",
        "register_filesystem",
        "unregister_filesystem",
    };

    private final Path root;

    private SyntheticKernel(Path root) {
        this.root = root;
    }

    /** Writes the tree into the folder {@code root}. */
    public static SyntheticKernel in(Path root) throws IOException {
        SyntheticKernel kernel = new SyntheticKernel(root);
        kernel.write("Makefile", "include $(srctree)/scripts/Makefile.include\n");
        kernel.write(".config", CONFIG);
        StringBuilder symvers = new StringBuilder();
        for (String symbol : EXPORTS) {
            symvers.append(exported(symbol));
        }
        kernel.write("Module.symvers", symvers.toString());
        kernel.write("include/generated/utsrelease.h", "#define UTS_RELEASE \"6.1.0-test\"\n");
        kernel.write("include/linux/fs.h", FS);
        kernel.write("include/linux/dcache.h", "struct dentry;\n");
        kernel.write("include/linux/compiler_types.h", COMPILER_TYPES);
        kernel.write("include/linux/pfn_t.h", PFN_T);
        kernel.write("include/linux/mm.h", MM);
        kernel.write("include/linux/mm_types.h", MM_TYPES);
        kernel.write("include/linux/memremap.h", MEMREMAP);
        kernel.write("include/linux/crc32.h", CRC32);
        kernel.write("include/linux/crc32c.h", CRC32C);
        kernel.write("include/linux/slab.h", SLAB);
        kernel.write("include/linux/syscore_ops.h", SYSCORE);
        return kernel;
    }

    public Path root() {
        return root;
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, text);
    }

    void append(String file, String text) throws IOException {
        write(file, Files.readString(root.resolve(file)) + text);
    }

    /** Replaces {@code from}, which must be there. */
    public void replace(String file, String from, String to) throws IOException {
        String text = Files.readString(root.resolve(file));
        assertThat(text).contains(from);
        write(file, text.replace(from, to));
    }

    /** Gives the descriptor of a mapping the functions that {@code mmap_prepare} needs. */
    void declareVmAreaDesc() throws IOException {
        append("include/linux/mm.h", VM_AREA_DESC);
    }

    /** Moves the line that starts with {@code start} to another file. */
    private void move(String file, String start, String target) throws IOException {
        String line = Files.readString(root.resolve(file))
                .lines()
                .filter(text -> text.startsWith(start))
                .findFirst()
                .orElseThrow();
        replace(file, line + "\n", "");
        write(target, line + "\n");
    }

    private void export(String symbol) throws IOException {
        append("Module.symvers", exported(symbol));
    }

    private static String exported(String symbol) {
        return "0x12345678\t" + symbol + "\tvmlinux\tEXPORT_SYMBOL\t\n";
    }

    /** Makes the tree declare what Linux 6.12 declares. */
    public SyntheticKernel becomeLinux612() throws IOException {
        replace("include/generated/utsrelease.h", "6.1.0", "6.12.0");
        replace("include/linux/fs.h", "struct user_namespace *", "struct mnt_idmap *");
        replace("include/linux/fs.h", "*, struct inode *, struct kstat *", "*, u32, struct inode *, struct kstat *");
        replace("include/linux/fs.h", "struct timespec64 *, int", "int");
        replace("include/linux/fs.h", "generic_file_splice_read", "copy_splice_read");
        append("include/linux/fs.h", "struct timespec64 inode_set_ctime_to_ts(struct inode *, struct timespec64);\n");
        append("include/linux/fs.h", "struct timespec64 inode_set_mtime_to_ts(struct inode *, struct timespec64);\n");
        replace("include/linux/mm.h", "enum page_entry_size pe_size", "unsigned int order");
        append("include/linux/mm.h", "static inline void vm_flags_set(struct vm_area_struct *, vm_flags_t) {}\n");
        append("include/linux/mm.h", "int follow_pfnmap_start(struct follow_pfnmap_args *);\n");
        move("include/linux/fs.h", "extern int generic_setlease(struct file *, long,", "include/linux/filelock.h");
        replace("Module.symvers", "vmf_insert_pfn_pmd_prot", "vmf_insert_pfn_pmd");
        replace("Module.symvers", "vmf_insert_pfn_pud_prot", "vmf_insert_pfn_pud");
        append("include/linux/mm.h", "unsigned long mm_get_unmapped_area(struct mm_struct *, struct file *);\n");
        replace(".config", "# CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP is not set", "CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP=y");
        return this;
    }

    /** Makes a tree that declares what Linux 6.12 declares declare what Linux 7.3 declares. */
    public SyntheticKernel becomeLinux73() throws IOException {
        replace("include/generated/utsrelease.h", "6.12.0", "7.3.0");
        replace("include/linux/fs.h", "umode_t, bool", "umode_t");
        replace("include/linux/fs.h", "int (*mkdir)", "struct dentry *(*mkdir)");
        replace(
                "include/linux/fs.h",
                "(*update_time)(struct inode *, int)",
                "(*update_time)(struct inode *, enum fs_update_time, unsigned int)");
        replace("include/linux/fs.h", "generic_delete_inode", "inode_just_drop");
        append("include/linux/fs.h", "enum inode_state_flags inode_state_read_once(struct inode *);\n");
        append("include/linux/dcache.h", "void d_make_persistent(struct dentry *, struct inode *);\n");
        append(
                "include/linux/dcache.h",
                "void set_default_d_op(struct super_block *, const struct dentry_operations *);\n");
        replace("include/linux/mm.h", "pfn_t pfn", "unsigned long pfn");
        replace("include/linux/mm.h", "#include <linux/pfn_t.h>\n", "");
        Files.delete(root.resolve("include/linux/pfn_t.h"));
        replace("include/linux/mm.h", "mm_get_unmapped_area(struct mm_struct *, ", "mm_get_unmapped_area(");
        replace("include/linux/fs.h", "struct fileattr *", "struct file_kattr *");
        replace(
                "include/linux/fs.h",
                "struct file_operations {\n",
                "struct file_operations {\n\tint (*mmap_prepare)(struct vm_area_desc *);\n");
        declareVmAreaDesc();
        replace(
                "include/linux/syscore_ops.h",
                "register_syscore_ops(struct syscore_ops",
                "register_syscore(struct syscore");
        export("register_pfn_address_space");
        replace("include/linux/crc32.h", "__crc32c_le", "crc32c");
        replace(".config", "CONFIG_MODVERSIONS=y", "# CONFIG_MODVERSIONS is not set");
        return this;
    }
}
