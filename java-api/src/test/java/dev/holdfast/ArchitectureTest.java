// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule NATIVE_CALLS_ARE_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackages("dev.holdfast.internal.jna", "dev.holdfast.abi")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule NATIVE_CALLS_KNOW_NOTHING_ABOVE_THEM = noClasses()
            .that()
            .resideInAnyPackage("dev.holdfast.internal.jna", "dev.holdfast.abi")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast");

    @ArchTest
    static final ArchRule BOOT_FILES_KNOW_NOTHING_ABOVE_THEM = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.internal.boot")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast", "dev.holdfast.abi", "dev.holdfast.internal.jna");

    @ArchTest
    static final ArchRule NOTHING_BUT_ITS_CALLERS_KNOWS_FSCK = noClasses()
            .that()
            .resideOutsideOfPackages("dev.holdfast.fsck", "dev.holdfast.ctl")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.fsck");

    /** Live update is what a program could do itself with the library. */
    @ArchTest
    static final ArchRule LIVE_UPDATE_STANDS_ON_THE_PUBLIC_LIBRARY = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.liveupdate")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.internal..", "dev.holdfast.fsck", "dev.holdfast.ctl", "com.sun.jna..");

    @ArchTest
    static final ArchRule NOTHING_BELOW_KNOWS_LIVE_UPDATE = noClasses()
            .that()
            .resideInAnyPackage("dev.holdfast", "dev.holdfast.internal..", "dev.holdfast.fsck", "dev.holdfast.ctl")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.liveupdate");

    /** A program that links the library need not have picocli. */
    @ArchTest
    static final ArchRule THE_LIBRARY_KNOWS_NOTHING_OF_THE_COMMAND = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.ctl")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.ctl", "picocli..", "com.google.gson..");

    @ArchTest
    static final ArchRule ARCHIVES_ARE_READ_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.internal.boot")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.commons..", "org.tukaani..", "io.airlift..");

    @ArchTest
    static final ArchRule GENERATED_CODE_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.abi")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.internal..");

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL = classes()
            .that()
            .doNotBelongToAnyOf(HoldfastException.class)
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(JavaModifier.FINAL);
}
