// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProbeTest {
    private static final Map<String, String> FACTS_OF_6_1 = Map.ofEntries(
            Map.entry("idmap", "user_namespace"),
            Map.entry("create_excl", "yes"),
            Map.entry("mkdir_returns", "int"),
            Map.entry("update_time", "timespec64"),
            Map.entry("fileattr", "fileattr"),
            Map.entry("inode_ctime", "field"),
            Map.entry("inode_mtime", "field"),
            Map.entry("inode_state", "field"),
            Map.entry("fillattr_request_mask", "no"),
            Map.entry("splice_read", "generic_file_splice_read"),
            Map.entry("d_make_persistent", "no"),
            Map.entry("sb_d_op", "field"),
            Map.entry("inode_drop", "generic_delete_inode"),
            Map.entry("crc32c", "__crc32c_le"),
            Map.entry("setlease_header", "linux/fs.h"),
            Map.entry("syscore", "register_syscore_ops"),
            Map.entry("kmalloc_obj", "no"),
            Map.entry("mmap", "mmap"),
            Map.entry("insert_pmd", "yes"),
            Map.entry("insert_pud", "yes"),
            Map.entry("huge_fault", "page_entry_size"),
            Map.entry("vm_flags", "field"),
            Map.entry("pfn_type", "pfn_t"),
            Map.entry("device_pages", "no"),
            Map.entry("follow_pfnmap", "no"),
            Map.entry("get_unmapped_area", "current_mm"),
            Map.entry("register_pfn_address_space", "no"),
            Map.entry("target_node", "no"),
            Map.entry("firmware_map", "e820"),
            Map.entry("huge_pfnmap", "no"),
            Map.entry("modversions", "yes"),
            Map.entry("btf_vmlinux", "no"));

    @TempDir
    Path folder;

    private SyntheticKernel kernel;

    @BeforeEach
    void writeTree() throws IOException {
        kernel = SyntheticKernel.in(folder.resolve("linux-headers-6.1"));
    }

    @Test
    void reportsWhatTheTreeDeclares() throws IOException {
        Kernel probed = Probe.of(kernel.root());

        assertThat(probed.release()).isEqualTo("6.1.0-test");
        assertThat(facts(probed)).isEqualTo(FACTS_OF_6_1);
    }

    @Test
    void decidesNothingByTheRelease() throws IOException {
        kernel.replace("include/generated/utsrelease.h", "6.1.0", "7.3.0");
        kernel.write("include/generated/uapi/linux/version.h", "#define LINUX_VERSION_CODE 459520\n");

        Kernel probed = Probe.of(kernel.root());

        assertThat(probed.release()).isEqualTo("7.3.0-test");
        assertThat(facts(probed)).isEqualTo(FACTS_OF_6_1);
    }

    /** Each row changes one declaration; nothing but the facts it names may change. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            fs.h     | struct user_namespace *, struct inode *,struct dentry *,\\n\\t\\t       umode_t, bool | struct mnt_idmap *, struct inode *,struct dentry *, umode_t, bool | idmap=mnt_idmap
            fs.h     | umode_t, bool                  | umode_t                                        | create_excl=no
            fs.h     | int (*mkdir)                   | struct dentry *(*mkdir)                        | mkdir_returns=dentry
            fs.h     | struct inode *, struct timespec64 *, int | struct inode *, int                  | update_time=flags
            fs.h     | struct inode *, struct timespec64 *, int | struct inode *, enum fs_update_time type, unsigned int flags | update_time=type
            fs.h     | #endif /*                      | struct timespec64 inode_set_ctime_to_ts(struct inode *inode, struct timespec64 ts);\\n#endif /* | inode_ctime=accessor
            fs.h     | #endif /*                      | struct timespec64 inode_set_mtime_to_ts(struct inode *inode, struct timespec64 ts);\\n#endif /* | inode_mtime=accessor
            fs.h     | #endif /*                      | static inline unsigned int inode_state_read_once(struct inode *inode)\\n{\\n\\treturn 0;\\n}\\n#endif /* | inode_state=accessor
            fs.h     | *, struct inode *, struct kstat | *, u32, struct inode *, struct kstat          | fillattr_request_mask=yes
            fs.h     | #endif /*                      | ssize_t copy_splice_read(struct file *in);\\n#endif /* | splice_read=copy_splice_read
            dcache.h | struct dentry;                 | void d_make_persistent(struct dentry *, struct inode *); | d_make_persistent=yes
            dcache.h | struct dentry;                 | void set_default_d_op(struct super_block *);   | sb_d_op=set_default_d_op
            fs.h     | generic_delete_inode           | inode_just_drop                                | inode_drop=inode_just_drop
            crc32.h  | __crc32c_le                    | crc32_le                                       | crc32c=crc32c
            mm.h     | enum page_entry_size pe_size   | unsigned int order                             | huge_fault=order
            mm.h     | pfn_t pfn                      | unsigned long pfn                              | pfn_type=unsigned_long
            mm.h     | struct vm_operations_struct {  | static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)\\n{\\n}\\nstruct vm_operations_struct { | vm_flags=vm_flags_set
            mm.h     | struct vm_operations_struct {  | int follow_pfnmap_start(struct follow_pfnmap_args *args);\\nstruct vm_operations_struct { | follow_pfnmap=yes
            fs.h     | struct fileattr *              | struct file_kattr *                            | fileattr=file_kattr
            slab.h   | void *kmalloc                  | #define kmalloc_obj(P, ...) __alloc(kmalloc, typeof(P))\\nvoid *kmalloc | kmalloc_obj=yes
            syscore_ops.h | register_syscore_ops(struct syscore_ops | register_syscore(struct syscore    | syscore=register_syscore
            mm.h     | struct vm_operations_struct {  | unsigned long mm_get_unmapped_area(struct mm_struct *mm, struct file *filp);\\nstruct vm_operations_struct { | get_unmapped_area=mm_file
            mm.h     | struct vm_operations_struct {  | unsigned long mm_get_unmapped_area(struct file *filp);\\nstruct vm_operations_struct { | get_unmapped_area=file
            """)
    void followsASingleDeclaration(String header, String from, String to, String expected) throws IOException {
        kernel.replace("include/linux/" + header, unescape(from), unescape(to));

        assertOnlyChanges(expected);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', textBlock = """
            .config        | # CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP is not set | CONFIG_ARCH_SUPPORTS_HUGE_PFNMAP=y | huge_pfnmap=yes
            .config        | CONFIG_MODVERSIONS=y | # CONFIG_MODVERSIONS is not set | modversions=no
            Module.symvers | __crc32c_le          | crc32_le                        | crc32c=crc32c
            Module.symvers | vmf_insert_pfn_pmd_prot | vmf_insert_pfn_pmd           | insert_pmd=yes
            Module.symvers | vmf_insert_pfn_pmd_prot | vmf_insert_pfn_prot          | insert_pmd=no
            Module.symvers | vmf_insert_pfn_pud_prot | vmf_insert_pfn_prot          | insert_pud=no
            Module.symvers | e820__mapped_raw_any | e820__mapped_any                | firmware_map=sysfs
            Module.symvers | inode_just_drop     | memremap_pages                   | device_pages=marked
            Module.symvers | inode_just_drop     | register_pfn_address_space       | register_pfn_address_space=yes
            Module.symvers | inode_just_drop     | phys_to_target_node              | target_node=yes
            """)
    void followsConfigAndExports(String file, String from, String to, String expected) throws IOException {
        kernel.replace(file, from, to);

        assertOnlyChanges(expected);
    }

    /** Without marks in page-table entries, the kernel must count them; without compounds, struct pages cost too much. */
    @ParameterizedTest
    @CsvSource({
        "vmf_insert_page_mkwrite, vmemmap_shift, counted",
        "vmf_insert_page, vmemmap_shift, no",
        "vmf_insert_page_mkwrite, shift, no"
    })
    void wantsDevicePagesThatMappingsLeadTo(String insert, String shift, String expected) throws IOException {
        kernel.replace("include/linux/mm.h", "pfn_t pfn", "unsigned long pfn");
        kernel.replace("Module.symvers", "inode_just_drop", "memremap_pages");
        kernel.replace("Module.symvers", "e820__mapped_raw_any", insert);
        kernel.replace("include/linux/memremap.h", "vmemmap_shift", shift);

        assertThat(fact("device_pages").value()).isEqualTo(expected);
    }

    @Test
    void seesTheVmlinuxThatMakesTheBuildRunPahole() throws IOException {
        kernel.write("vmlinux", "ELF");

        assertOnlyChanges("btf_vmlinux=yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/* ssize_t copy_splice_read(struct file *in); */\n",
                "// ssize_t copy_splice_read(struct file *in);\n",
                "// continued \\\n ssize_t copy_splice_read(struct file *in);\n",
                "#if 0\nssize_t copy_splice_read(struct file *in);\n#endif\n",
                "#if 0\n#ifdef X\nssize_t copy_splice_read(struct file *in);\n#endif\n#else\n#endif\n",
                "#define X copy_splice_read(in)\n",
                "#define X \\\n\tcopy_splice_read(in);\n",
                "static inline void f(void)\n{\n\tcopy_splice_read(in);\n}\n",
                "static const char *s = \"copy_splice_read(in)\";\n",
                "ssize_t my_copy_splice_read(struct file *in);\n",
                "struct s { int (*copy_splice_read)(struct file *in); };\n",
            })
    void isNotDeceivedByAMereMention(String mention) throws IOException {
        kernel.append("include/linux/fs.h", mention);

        assertThat(facts(Probe.of(kernel.root()))).isEqualTo(FACTS_OF_6_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssize_t\ncopy_splice_read\n\t(struct file *in);\n",
                "extern ssize_t copy_splice_read /* reads */ (struct file *in);\n",
                "#if 0\n#else\nssize_t copy_splice_read(struct file *in);\n#endif\n",
                """
                #ifdef A
                static inline void f(int a) {
                #else
                static inline void f(void) {
                #endif
                }
                ssize_t copy_splice_read(struct file *in);
                """,
                "static const char c = '\"';\nssize_t copy_splice_read(struct file *in);\n",
                "#error don't\nssize_t copy_splice_read(struct file *in);\n",
            })
    void findsADeclarationHoweverItIsWritten(String declaration) throws IOException {
        kernel.append("include/linux/fs.h", declaration);

        assertOnlyChanges("splice_read=copy_splice_read");
    }

    @Test
    void findsAStructThatWasMovedToAHeaderOfItsOwn() throws IOException {
        kernel.replace("include/linux/fs.h", "struct super_block {", "struct another {");
        kernel.write("include/linux/fs/super_types.h", "struct super_block {\n\tvoid *s_d_op;\n};\n");

        Kernel probed = Probe.of(kernel.root());

        assertThat(facts(probed)).isEqualTo(FACTS_OF_6_1);
        assertThat(place(probed, "sb_d_op")).isEqualTo("include/linux/fs/super_types.h:2");
    }

    @Test
    void saysWhereEachAnswerStands() throws IOException {
        Kernel probed = Probe.of(kernel.root());

        assertThat(place(probed, "idmap")).isEqualTo("include/linux/fs.h:17");
        assertThat(place(probed, "inode_mtime")).isEqualTo("include/linux/fs.h:5");
        assertThat(place(probed, "modversions")).isEqualTo(".config:5");
        assertThat(place(probed, "follow_pfnmap")).isEqualTo("include/linux/mm.h");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            include/linux/fs.h | (*create)            | struct inode_operations has no operation create, include/linux/fs.h:16
            include/linux/fs.h | struct inode_operations | struct inode_operations is not defined, include/linux/fs.h
            include/linux/fs.h | i_mtime              | struct inode has no field i_mtime, include/linux/fs.h:3
            include/linux/fs.h | generic_fillattr     | generic_fillattr() is not declared, include/linux/fs.h
            include/linux/fs.h | (*mmap)              | struct file_operations has no operation mmap, include/linux/fs.h:12
            include/linux/mm.h | vmf_insert_mixed     | vmf_insert_mixed() is not declared, include/linux/mm.h
            Module.symvers     | \tmemremap\t         | memremap is not exported, Module.symvers
            Module.symvers     | generic_delete_inode | generic_delete_inode is not exported, Module.symvers
            .config            | CONFIG_64BIT=y       | CONFIG_64BIT is not y, .config
            .config            | CONFIG_MMU=y         | CONFIG_MMU is not y, .config
            """)
    void refusesATreeThatLacksSomethingByName(String file, String thing, String message) throws IOException {
        kernel.replace(file, thing.replace("\\t", "\t"), "gone");

        assertRefused(message);
    }

    @Test
    void whatIsExportedToOtherModulesOnlyIsNotExported() throws IOException {
        String line = "\te820__mapped_raw_any\tvmlinux\tEXPORT_SYMBOL\t";
        kernel.replace("Module.symvers", line, line + "module:kvm,kvm-amd,kvm-intel");

        assertOnlyChanges("firmware_map=sysfs");
    }

    @Test
    void refusesATreeWhoseModulesCannotReadTheFirmwaresMap() throws IOException {
        kernel.replace("Module.symvers", "e820__mapped_raw_any", "gone");
        kernel.replace(".config", "CONFIG_FIRMWARE_MEMMAP=y", "");

        assertRefused("CONFIG_FIRMWARE_MEMMAP is not y, .config");
    }

    /** Each row gives one declaration a type that no kernel known here has. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            mm.h | enum page_entry_size pe_size            | int level         | huge_fault takes neither enum page_entry_size nor unsigned int, include/linux/mm.h:4
            mm.h | pfn_t pfn                               | void *pfn         | vmf_insert_mixed() takes neither pfn_t nor unsigned long, include/linux/mm.h:7
            fs.h | struct timespec64 *, int                | long              | update_time takes none of struct timespec64 *, int, enum fs_update_time, include/linux/fs.h:21
            fs.h | struct timespec64 *, int                | struct timespec64 * | update_time does not take 3 parameters, include/linux/fs.h:21
            fs.h | struct fileattr *                       | struct attr *     | fileattr_get takes neither struct fileattr * nor struct file_kattr *, include/linux/fs.h:22
            fs.h | int (*mkdir)                            | void (*mkdir)     | mkdir returns neither int nor struct dentry *, include/linux/fs.h:19
            fs.h | umode_t, bool                           | umode_t, bool, int | create takes neither 4 nor 5 parameters, include/linux/fs.h:17
            fs.h | struct user_namespace *, struct inode *, struct kstat * | int | generic_fillattr() takes neither 3 nor 4 parameters, include/linux/fs.h:27
            """)
    void refusesADeclarationOfAnUnknownShapeByName(String header, String from, String to, String message)
            throws IOException {
        kernel.replace("include/linux/" + header, from, to);

        assertRefused(message);
    }

    @Test
    void refusesADeclarationWithAnotherType() throws IOException {
        kernel.replace("include/linux/fs.h", "struct user_namespace *, struct inode *,struct", "struct what *, struct");

        assertRefused("create takes neither struct mnt_idmap * nor struct user_namespace *, include/linux/fs.h:17");
    }

    @Test
    void namesTheLineThatSaysThatAnOptionIsNotSet() throws IOException {
        kernel.replace(".config", "CONFIG_MODULES=y", "# CONFIG_MODULES is not set");

        assertRefused("CONFIG_MODULES is not y, .config:4");
    }

    @Test
    void namesEverySymbolThatIsMissing() throws IOException {
        kernel.replace("Module.symvers", "memremap", "remap");
        kernel.replace("Module.symvers", "misc_register", "register");

        assertRefused("memremap, misc_register are not exported, Module.symvers");
    }

    @Test
    void takesMmapPrepareWhereTheDescriptorsFlagsHaveFunctions() throws IOException {
        kernel.replace(
                "include/linux/fs.h", "int (*mmap) ", "int (*mmap_prepare)(struct vm_area_desc *);\nint (*mmap) ");
        assertThat(facts(Probe.of(kernel.root()))).isEqualTo(FACTS_OF_6_1);
        kernel.declareVmAreaDesc();

        assertOnlyChanges("mmap=mmap_prepare");
        assertThat(fact("mmap").evidence()).isEqualTo(Evidence.COMPILED);
    }

    /** The text says pfn_t in both; only a compiler sees through it. */
    @Test
    void seesThroughATypedef() throws IOException {
        assertThat(fact("pfn_type").evidence()).isEqualTo(Evidence.COMPILED);
        kernel.replace("include/linux/pfn_t.h", "struct {\n\tunsigned long val;\n}", "unsigned long");
        kernel.replace("include/linux/pfn_t.h", "{ .val = pfn | flags }", "(pfn)");
        kernel.replace("include/linux/pfn_t.h", "#define PFN_DEV", "#define NO_PFN_DEV");

        assertOnlyChanges("pfn_type=unsigned_long");
    }

    @Test
    void saysSoWhereNoCompilerFits() {
        assertThatThrownBy(() -> Probe.of(kernel.root(), "no-such-gcc"))
                .isInstanceOf(CodegenException.class)
                .hasMessage("6.1.0-test: probing needs a compiler, and no-such-gcc cannot be run; install gcc, or name"
                        + " another compiler with --cc");
        assertThatThrownBy(() -> Probe.of(kernel.root(), "true"))
                .hasMessageContaining("true does not compile its headers (it opens no header)");
    }

    @Test
    void saysWhatACompilerDoesNotUnderstand() throws IOException {
        kernel.append("include/linux/mm.h", "#error this wants a newer compiler\n");

        assertThatThrownBy(() -> Probe.of(kernel.root(), "gcc"))
                .isInstanceOf(CodegenException.class)
                .hasMessage("6.1.0-test: probing needs a compiler, and gcc does not compile its headers ("
                        + kernel.root() + "/include/linux/mm.h:9:2: #error this wants a newer compiler);"
                        + " install gcc, or name another compiler with --cc");
    }

    @Test
    void takesTheCompilerThatBuiltTheKernelOrElseGcc() throws IOException {
        kernel.append(".config", "CONFIG_CC_VERSION_TEXT=\"gcc-1 (Ancient) 1.0\"\n");

        assertThat(facts(Probe.of(kernel.root()))).isEqualTo(FACTS_OF_6_1);
    }

    @Test
    void findsTheLeasesInTheHeaderTheyWereMovedTo() throws IOException {
        kernel.replace("include/linux/fs.h", "generic_setlease", "moved");
        kernel.write("include/linux/filelock.h", "int generic_setlease(struct file *, int, struct file_lease **);\n");

        assertOnlyChanges("setlease_header=linux/filelock.h");
    }

    @Test
    void refusesATreeWithoutAHeader() throws IOException {
        Files.delete(kernel.root().resolve("include/linux/crc32.h"));
        Files.delete(kernel.root().resolve("include/linux/crc32c.h"));

        assertRefused("the header is missing, include/linux/crc32c.h");
    }

    @Test
    void followsTheMakefileToTheCommonTree() throws IOException {
        Path common = Files.createDirectories(folder.resolve("usr/src/linux-headers-common"));
        moveHeaders(common);
        kernel.write("Makefile", "include " + common + "/Makefile\n");

        assertThat(facts(Probe.of(kernel.root()))).isEqualTo(FACTS_OF_6_1);
    }

    @Test
    void findsTheCommonTreeBesideARelocatedOne() throws IOException {
        moveHeaders(Files.createDirectories(folder.resolve("linux-headers-common")));
        kernel.write("Makefile", "include /nowhere/usr/src/linux-headers-common/Makefile\n");
        Path link = Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("lib/modules")).resolve("build"), kernel.root());

        assertThat(facts(Probe.of(link))).isEqualTo(FACTS_OF_6_1);
    }

    @Test
    void namesTheCommonTreeThatIsMissing() throws IOException {
        kernel.write("Makefile", "include /nowhere/linux-headers-common/Makefile\n");

        assertThatThrownBy(() -> Probe.of(kernel.root()))
                .isInstanceOf(CodegenException.class)
                .hasMessage(kernel.root() + "/Makefile includes /nowhere/linux-headers-common/Makefile, and there is no"
                        + " such folder, nor " + folder.toRealPath() + "/linux-headers-common;"
                        + " install the package of the common headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Makefile", ".config", "Module.symvers", "include/generated/utsrelease.h"})
    void refusesAFolderThatIsNoConfiguredTree(String file) throws IOException {
        Files.delete(kernel.root().resolve(file));

        assertThatThrownBy(() -> Probe.of(kernel.root()))
                .isInstanceOf(CodegenException.class)
                .isNotInstanceOf(UnsupportedKernelException.class)
                .hasMessage(kernel.root() + " is no configured kernel build tree: it has no " + file
                        + "; install the kernel's headers and pass their folder");
    }

    private void moveHeaders(Path common) throws IOException {
        Files.createDirectories(common.resolve("include"));
        Files.move(kernel.root().resolve("include/linux"), common.resolve("include/linux"));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Probe.of(kernel.root()))
                .isInstanceOf(UnsupportedKernelException.class)
                .hasMessage("6.1.0-test: " + message);
    }

    private void assertOnlyChanges(String expected) throws IOException {
        String[] nameAndValue = expected.split("=", 2);
        Map<String, String> facts = facts(Probe.of(kernel.root()));

        assertThat(facts.get(nameAndValue[0])).isEqualTo(nameAndValue[1]);
        assertThat(facts)
                .usingRecursiveComparison()
                .ignoringFields(nameAndValue[0])
                .isEqualTo(FACTS_OF_6_1);
    }

    private static Map<String, String> facts(Kernel kernel) {
        return kernel.facts().stream().collect(Collectors.toMap(Fact::name, Fact::value));
    }

    private Fact fact(String name) throws IOException {
        return Probe.of(kernel.root()).facts().stream()
                .filter(fact -> fact.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String place(Kernel kernel, String name) {
        return kernel.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .map(fact -> fact.place().toString())
                .findFirst()
                .orElseThrow();
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t");
    }
}
