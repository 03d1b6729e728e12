package dev.graft.testing;

import static dev.graft.testing.FolderMaking.classes;
import static dev.graft.testing.FolderMaking.delete;
import static dev.graft.testing.FolderMaking.file;
import static dev.graft.testing.FolderMaking.parts;
import static dev.graft.testing.FolderMaking.pictures;

import java.util.List;

/** Parts, classes, and folders a level too high or too low. */
final class HostileParts {
    private HostileParts() {}

    static void addTo(HostileFolders all) {
        spellingsOfParts(all);
        whatLiesBesideParts(all);
        classesThatAreCalledLikeParts(all);
        structure(all);
        levels(all);
    }

    private static void spellingsOfParts(HostileFolders all) {
        List<String> two =
                List.of("Training Testing", "TRAIN TEST", "train_set test_set", "trainset testset", "trn tst");
        for (String pair : two) {
            all.add(pair, parts(pair.split(" ")), "cat=2 dog=2 | test cat=1 dog=1");
        }
        all.add("prefix", parts("flowers-train", "flowers-test"), "cat=2 dog=2 | test cat=1 dog=1");
        all.add("camel case", parts("TrainData", "TestData"), "cat=2 dog=2 | test cat=1 dog=1");
        all.add("hold-out", parts("train", "hold-out"), "cat=2 dog=2 | test cat=1 dog=1");
        List<String> three = List.of(
                "train val test",
                "train valid test",
                "1_train 2_validation 3_testing",
                "train-images dev-images test-images",
                "train eval holdout",
                "Train2017 Val2017 Test2017",
                "training_set validation_set test_set");
        for (String names : three) {
            all.add(names, parts(names.split(" ")), "cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1");
        }
        all.add(
                "unpacked twice",
                folder -> {
                    parts("seg_train/seg_train", "seg_test/seg_test").in(folder);
                    return pictures(folder, "seg_pred/seg_pred", 3);
                },
                "cat=2 dog=2 | test cat=1 dog=1",
                "'seg_pred' lies beside the parts seg_train and seg_test and is left out (3 pictures)");
    }

    private static void whatLiesBesideParts(HostileFolders all) {
        String three = "cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1";
        all.add(
                "unlabelled beside parts",
                folder -> pictures(parts("train", "valid", "test").in(folder), "pred", 5),
                three,
                "'pred' lies beside the parts train, valid and test and is left out (5 pictures)");
        all.add(
                "annotations beside parts",
                folder -> file(parts("train", "val", "test").in(folder), "annotations/a.xml", "<a/>"),
                three,
                "'annotations' lies beside",
                "(no pictures)");
        all.add(
                "unlabelled test",
                folder -> pictures(parts("train").in(folder), "test", 3),
                "cat=2 dog=2",
                "'test' is left out, as its pictures lie in no class folders");
        all.add(
                "predictions beside train alone",
                folder -> pictures(parts("train").in(folder), "pred", 3),
                "cat=2 dog=2",
                "'pred' lies beside the parts train and is left out (3 pictures)");
        all.add(
                "something beside train alone",
                folder -> pictures(parts("train").in(folder), "ship", 3),
                "refused",
                "train holds folders, as a part does, and ship lies beside it; if");
        all.add("train alone", parts("train"), "cat=2 dog=2");
        all.add("two for validation", parts("train", "val", "valid"), "refused", "has both val and valid; keep one");
        all.add("two for training", parts("train", "training"), "refused", "has both train and training");
        all.add("parts without train", parts("val", "test"), "refused", "has test and val but no train; add it");
        all.add(
                "train under another name",
                parts("first", "test"),
                "refused",
                "has test but no train; call the folder with the pictures to learn from train, if it is among first");
        all.add(
                "a class missing in a part",
                folder -> delete(parts("train", "val").in(folder), "val/dog/1.png", "val/dog"),
                "refused",
                "val: has no class 'dog', which train has; add it");
        all.add(
                "a class too much in a part",
                folder -> pictures(parts("train", "test").in(folder), "test/ship", 1),
                "refused",
                "test: its class 'ship' (1 picture) is not among");
    }

    private static void classesThatAreCalledLikeParts(HostileFolders all) {
        all.add("pictures of trains", classes("bus", "car", "train"), "bus=2 car=2 train=2");
        all.add("pictures of tests", classes("exam", "test"), "exam=2 test=2");
        all.add(
                "trains in stations",
                classes("bullet train", "train station", "test tube"),
                "bullet train=2 test tube=2 train station=2");
        all.add(
                "parts with classes called like parts",
                folder -> {
                    for (String part : List.of("train", "test")) {
                        pictures(folder, part + "/train", part.equals("train") ? 2 : 1);
                        pictures(folder, part + "/test", part.equals("train") ? 2 : 1);
                    }
                    return folder;
                },
                "test=2 train=2 | test test=1 train=1");
        all.add("flat parts", classes("test", "train"), "refused", "train: 2 pictures lie directly in the folder; put");
    }

    private static void structure(HostileFolders all) {
        all.add(
                "pictures and masks of each class",
                classes("covid/images", "covid/masks", "normal/images", "normal/masks"),
                "refused",
                "covid and normal holds the same folders (images, masks)",
                "put the pictures of each directly into its folder");
        all.add(
                "parts of unknown names",
                parts("first", "check"),
                "refused",
                "check and first holds the same folders (cat, dog)");
        all.add(
                "parts of unknown names, of which one lacks a class",
                classes("first/cat", "first/dog", "first/ship", "second/cat", "second/dog"),
                "refused",
                "each of the folders first and second holds the same folders (cat, dog); if they are parts, call them");
        all.add(
                "classes in one folder of each part",
                parts("train/images", "val/images"),
                "cat=2 dog=2 | val cat=1 dog=1");
        all.add("val and eval", parts("train", "val", "eval"), "cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1");
        all.add("folds", parts("fold1", "fold2", "fold3"), "refused", "fold1, fold2 and fold3 holds the same folders");
        all.add(
                "parts inside classes",
                classes("cat/train", "cat/val", "dog/train", "dog/val"),
                "refused",
                "the parts (train, val) lie inside the classes (cat and dog)");
        all.add(
                "left and right",
                classes("a/left", "a/right", "b/left", "b/right", "c/left", "c/right", "d/left", "d/right"),
                "a=4 b=4 c=4 d=4",
                "warning: each of the folders a, b, c and 1 more holds the same folders (left, right); they are taken for classes");
    }

    private static void levels(HostileFolders all) {
        all.add(
                "one too high",
                folder -> classes("flowers/daisy", "flowers/rose").in(folder),
                "refused",
                "give ",
                "/flowers");
        all.add(
                "two too high",
                folder -> classes("a/flowers/daisy", "a/flowers/rose").in(folder),
                "refused",
                "/a/flowers");
        all.add("above parts", parts("flowers/train", "flowers/test"), "refused", "give ", "/flowers");
        all.add(
                "above two sets",
                parts("one/train", "one/test", "two/train", "two/test"),
                "refused",
                "one and two hold parts of their own");
        all.add(
                "above a set and what belongs to it",
                folder -> file(classes("flowers/daisy", "flowers/rose").in(folder), "labels/a.txt", "daisy"),
                "refused",
                "/flowers");
        all.add(
                "one too low",
                folder -> classes("flowers/daisy", "flowers/rose").in(folder).resolve("flowers/daisy"),
                "refused",
                "2 pictures lie directly in the folder",
                "give the folder above, ");
        all.add(
                "pictures beside classes",
                folder -> pictures(classes("cat", "dog").in(folder), ".", 3),
                "cat=2 dog=2",
                "3 pictures lie directly in ",
                "left out, such as 1.png");
        all.add("nothing", folder -> folder, "refused", "empty, expected one subfolder of pictures a class");
        all.add("files only", folder -> file(folder, "notes.txt", "later"), "refused", "no pictures in it (1 .txt)");
        all.add("one class", classes("cat"), "refused", "only one class, 'cat'");
        all.add("no such folder", folder -> folder.resolve("none"), "refused", "no such folder");
        all.add("a file", folder -> file(folder, "x.jpg", "x").resolve("x.jpg"), "refused", "is a file");
    }
}
