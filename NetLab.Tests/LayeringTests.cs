using System.Text.RegularExpressions;
using NetLab.Tests.Support;

namespace NetLab.Tests;

/// <summary>Holds the rules of ARCHITECTURE.md: who may refer to whom, and who may touch the outside world. Read from the sources.</summary>
public partial class LayeringTests
{
    // Folder → folders of NetLab.Core that it may refer to. The words (folder Journal, namespace NetLab.Core) are everybody's.
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["NetLab.Core/Journal"] = ["Tcp"],
        ["NetLab.Core/Packets"] = ["Tcp", "Dns"],
        ["NetLab.Core/Tcp"] = ["Packets"],
        ["NetLab.Core/Dns"] = ["Packets"],
        ["NetLab.Core/Resolver"] = ["Dns"],
        ["NetLab.Core/Http"] = [],
        ["NetLab.Core/Interop"] = [],
        ["NetLab.Core/Capture"] = ["Interop", "Packets"],
        ["NetLab.Core/Kernel"] = ["Interop", "Tcp"],
        ["NetLab.Core/IoModels"] = ["Interop", "Kernel"],
        ["NetLab.Core/Peers"] = ["Dns", "Http", "Interop", "Kernel", "Tcp"],
        ["NetLab.Core/Scripts"] = ["Interop", "Tcp", "Packets"],
        ["NetLab.Core/Views"] = ["Tcp", "Packets", "Scripts"],
        ["NetLab.Core/Session"] = ["Capture", "Dns", "Http", "Interop", "IoModels", "Kernel", "Packets", "Peers", "Resolver", "Scripts", "Tcp", "Views"],
    };

    private static readonly string[] s_pure =
        ["NetLab.Core/Journal", "NetLab.Core/Packets", "NetLab.Core/Tcp", "NetLab.Core/Dns", "NetLab.Core/Http", "NetLab.Core/Views", "NetLab.Tui/Rendering", "NetLab.Tui/Widgets"];

    public static TheoryData<string> Folders => [.. s_mayUse.Keys.Where(folder => Directory.Exists(Path.Combine(Repository.Root, folder)))];

    public static TheoryData<string> PureFolders => [.. s_pure.Where(folder => Directory.Exists(Path.Combine(Repository.Root, folder)))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_refers_only_to_those_it_may(string folder)
    {
        var wrong = Sources(folder)
            .SelectMany(file => CoreNamespaces().Matches(File.ReadAllText(file)).Select(match => (file, name: match.Groups[1].Value)))
            .Where(use => folder != $"NetLab.Core/{use.name}" && !s_mayUse[folder].Contains(use.name))
            .Select(use => $"{Path.GetFileName(use.file)} refers to {use.name}");
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_folder_of_the_core_has_a_rule() =>
        Assert.Empty(Directory.GetDirectories(Path.Combine(Repository.Root, "NetLab.Core")).Select(path => $"NetLab.Core/{Path.GetFileName(path)}")
            .Where(folder => !folder.EndsWith("/bin", StringComparison.Ordinal) && !folder.EndsWith("/obj", StringComparison.Ordinal))
            .Except(s_mayUse.Keys));

    [Fact]
    public void The_core_does_not_know_the_interface() =>
        Assert.DoesNotContain(Sources("NetLab.Core"), file => File.ReadAllText(file).Contains("NetLab.Tui", StringComparison.Ordinal));

    [Theory]
    [InlineData("NetLab.Tui/Rendering")]
    [InlineData("NetLab.Tui/Widgets")]
    public void Rendering_and_widgets_know_nothing_of_the_core(string folder) =>
        Assert.DoesNotContain(Sources(folder), file => File.ReadAllText(file).Contains("NetLab.Core", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(PureFolders))]
    public void Pure_code_does_no_input_or_output_and_asks_no_clock(string folder)
    {
        var wrong = Sources(folder)
            .SelectMany(file => OutsideWorld().Matches(Code(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value.Trim()}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_interop_names_a_C_function() =>
        Assert.Empty(Sources("NetLab.Core").Concat(Sources("NetLab.Tui"))
            .Where(file => !file.Contains("/Interop/", StringComparison.Ordinal) && ForeignFunction().IsMatch(Code(file)))
            .Select(Path.GetFileName));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    // Comments may speak of what code may not do.
    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"NetLab\.Core\.(Capture|Dns|Interop|Kernel|Packets|Peers|Resolver|Scripts|Session|Tcp|Views)\b")]
    private static partial Regex CoreNamespaces();

    [GeneratedRegex(@"(?<!\.)\b(File|Directory|Process|Socket|Environment|Stopwatch|TimeProvider|NativeLibrary|Thread|Task)\.\w+|new (Socket|FileStream|Thread|Timer)\b|DateTime(Offset)?\.(Utc)?Now")]
    private static partial Regex OutsideWorld();

    [GeneratedRegex(@"\b(LibraryImport|DllImport|NativeLibrary)\b")]
    private static partial Regex ForeignFunction();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
