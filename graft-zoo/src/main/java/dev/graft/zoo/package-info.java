/**
 * Pretrained networks. A <b>family</b> is one file: the architecture, its variants, its published weights, and what its layers
 * are called in the files of those who publish them. {@link dev.graft.zoo.Zoo} lists the families.
 *
 * <table>
 * <caption>What each type is</caption>
 * <tr><td>{@code Family}</td><td>what such a file gives: its published weights, each a {@code Pretrained}</td></tr>
 * <tr><td>{@code Pretrained}</td><td>a record of the zoo: name, {@code ModelCard} (title, pictures, top-1, licence), geometry,
 *   scaling, where the file is ({@code WeightSource}), and the function that draws the network</td></tr>
 * <tr><td>{@code Backbone}</td><td>a network drawn: its three models, stages, classifier, and {@code FileNames}</td></tr>
 * <tr><td>{@code FileNames}</td><td>which names and layouts its weights have in files: parts of names that are
 *   replaced, Keras' layers, TensorFlow Lite's ({@code GoogleFile}); {@code NamePrefix} finds the network inside a larger file</td></tr>
 * <tr><td>{@code NameRules}</td><td>a table from foreign layers' names to ours</td></tr>
 * <tr><td>{@code Publisher}</td><td>with {@code Torchvision}, {@code Keras} and {@code Timm}: addresses, file names, hashes, licences and
 *   usual preparation; knows no architecture</td></tr>
 * <tr><td>{@code Blocks}</td><td>what several families are made of</td></tr>
 * </table>
 *
 * <h2>To add an architecture</h2>
 *
 * <ol>
 *   <li>Write its file: {@code draw} from an input to {@code Backbone.of(model, featureMap, stages, classifier)} with the
 *       reference's names and explicit padding, and {@code family()} with a line for each set of weights:
 *       {@code Torchvision.weights("RegNetY-400MF", "regnet_y_400mf-c65dace8.pth", 16.8, RegNet::y400).top1(74.046)}. Where the
 *       names of a publisher's file are not those of the network, {@code withFileNames} has the rules.
 *   <li>List {@code family()} in {@code Zoo}.
 *   <li>Make its reference: add the network to the scripts of {@code tools/reference} and run them. {@code ZooReferencesTest}
 *       says what is missing; all other tests go over {@code Zoo.all()} and find references by the records' names.
 *   <li>Write the table of {@code docs/backbones.md} again, as {@code BackbonesPageTest} says.
 * </ol>
 */
@NullMarked
package dev.graft.zoo;

import org.jspecify.annotations.NullMarked;
