package dev.graft.data;

import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which folders of a set are classes and which are parts that hold classes: by their names, whatever the spelling, and by
 * what lies in them. What is in doubt is refused, as parts that are learnt as classes look like success.
 *
 * @param train the classes to train on
 * @param validation the folder to validate on, if there is one
 * @param test likewise
 * @param remarks what a user should know of it
 */
record FolderLayout(
        ClassFolders train,
        @Nullable Path validation,
        @Nullable Path test,
        List<String> remarks) {
    /** Folders that people put beside parts. */
    private static final Set<String> BESIDE = Set.of(
            "pred",
            "predict",
            "prediction",
            "predictions",
            "unlabeled",
            "unlabelled",
            "unlabeled_data",
            "annotations",
            "annotation",
            "labels",
            "meta",
            "metadata",
            "submission",
            "docs",
            "inference");

    static FolderLayout of(FolderScan scan, Path folder) {
        ClassFolders top = ClassFolders.of(scan, folder);
        List<FolderShape> shapes =
                top.listing().folders().stream().map(FolderShape::of).toList();
        if (shapes.isEmpty()) {
            throw FolderHints.noFolders(folder, top.listing(), FolderHints.above(folder));
        }
        Map<String, PartName> names = PartName.among(top.names());
        List<FolderShape> named =
                shapes.stream().filter(shape -> names.containsKey(shape.name())).toList();
        List<FolderShape> others = shapes.stream()
                .filter(shape -> !names.containsKey(shape.name()))
                .toList();
        if (areClasses(folder, names, named, others)) {
            List<String> remarks = new ArrayList<>(top.remarks());
            FolderHints.requireClasses(folder, shapes, remarks);
            return new FolderLayout(top, null, null, remarks);
        }
        return parts(scan, top, byPart(folder, names, named), others);
    }

    /** Whether the folders are classes although some may be called like parts, such as one of pictures of trains. */
    private static boolean areClasses(
            Path folder, Map<String, PartName> names, List<FolderShape> named, List<FolderShape> others) {
        if (named.isEmpty()) {
            return true;
        }
        List<FolderShape> train = named.stream()
                .filter(shape -> names.get(shape.name()) == PartName.TRAIN)
                .toList();
        List<FolderShape> measured = named.stream()
                .filter(shape -> names.get(shape.name()) != PartName.TRAIN)
                .toList();
        boolean structured = named.stream().anyMatch(FolderShape::holdsFolders);
        if (train.isEmpty()) {
            boolean alike = measured.stream()
                    .anyMatch(one -> one.holdsFolders()
                            && Stream.concat(others.stream(), measured.stream())
                                    .anyMatch(other -> !other.equals(one) && other.shares(one)));
            if (alike || (others.isEmpty() && (structured || measured.size() > 1))) {
                throw new GraftException(folder + ": has " + FolderShape.names(measured) + " but no train; "
                        + (others.isEmpty()
                                ? "add it"
                                : "call the folder with the pictures to learn from train, if it is among "
                                        + FolderShape.names(others)));
            }
            return true;
        }
        if (others.isEmpty()) {
            return false;
        }
        if (train.stream().allMatch(one -> one.inner().size() < (one.loose() ? 2 : 1))) {
            return measured.stream().noneMatch(FolderShape::holdsFolders);
        }
        boolean shared = train.stream().anyMatch(one -> measured.stream().anyMatch(one::shares));
        boolean beside = others.stream()
                .allMatch(other -> BESIDE.contains(other.name().toLowerCase(Locale.ROOT)) || !other.hasPictures());
        if (shared || beside || !measured.isEmpty()) {
            return false;
        }
        throw new GraftException(folder + ": " + FolderShape.names(train) + " holds folders, as a part does, and "
                + FolderShape.names(others) + (others.size() == 1 ? " lies" : " lie")
                + " beside it; if they are no parts,"
                + " move them elsewhere; if all are classes, put the pictures of " + FolderShape.names(train)
                + " directly into it");
    }

    private static Map<PartName, FolderShape> byPart(
            Path folder, Map<String, PartName> names, List<FolderShape> named) {
        boolean tested = names.containsValue(PartName.TEST);
        boolean both = names.values().stream()
                        .filter(part -> part == PartName.VALIDATION)
                        .count()
                > 1;
        Map<PartName, FolderShape> parts = new EnumMap<>(PartName.class);
        for (FolderShape shape : named) {
            // Beside "val", "eval" is what is measured on in the end.
            boolean last =
                    both && !tested && shape.name().toLowerCase(Locale.ROOT).contains("eval");
            FolderShape other = parts.putIfAbsent(last ? PartName.TEST : names.get(shape.name()), shape);
            if (other != null) {
                throw new GraftException(folder + ": has both " + other.name() + " and " + shape.name()
                        + "; keep one of them here, the other elsewhere");
            }
        }
        return parts;
    }

    private static FolderLayout parts(
            FolderScan scan, ClassFolders top, Map<PartName, FolderShape> parts, List<FolderShape> others) {
        List<String> remarks = new ArrayList<>(top.remarks());
        String names = FolderShape.names(List.copyOf(parts.values()));
        for (FolderShape other : others) {
            int pictures = new FolderScan().picturesBelow(other.folder()).size();
            remarks.add("'" + other.name() + "' lies beside the parts " + names + " and is left out (" + count(pictures)
                    + ")");
        }
        Path train = inner(Objects.requireNonNull(parts.get(PartName.TRAIN)));
        ClassFolders learnt = ClassFolders.of(scan, train);
        if (learnt.listing().folders().isEmpty()) {
            throw FolderHints.noFolders(
                    train,
                    learnt.listing(),
                    "; if " + FolderScan.name(train) + " is a class itself, call it otherwise");
        }
        remarks.addAll(learnt.remarks());
        return new FolderLayout(
                learnt,
                measured(parts.get(PartName.VALIDATION), remarks),
                measured(parts.get(PartName.TEST), remarks),
                remarks);
    }

    /** The folder of a part with classes; one whose pictures have none is left out. */
    private static @Nullable Path measured(@Nullable FolderShape part, List<String> remarks) {
        if (part != null && part.inner().isEmpty() && part.loose()) {
            remarks.add("'" + part.name() + "' is left out, as its pictures lie in no class folders");
            return null;
        }
        return part == null ? null : inner(part);
    }

    /** The part itself, or the one folder in it that holds the classes, as archives unpacked twice leave it. */
    private static Path inner(FolderShape part) {
        if (part.loose() || part.inner().size() != 1) {
            return part.folder();
        }
        Path only = FolderScan.folders(part.folder()).get(0);
        return FolderShape.of(only).holdsFolders() ? only : part.folder();
    }

    static String count(int pictures) {
        return pictures == 0
                ? "no pictures"
                : pictures == 1 ? "1 picture" : String.format(Locale.ROOT, "%,d pictures", pictures);
    }
}
