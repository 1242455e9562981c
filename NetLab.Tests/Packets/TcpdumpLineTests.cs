using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public partial class TcpdumpLineTests(ITestOutputHelper output)
{
    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|\[Error converting time\]) ", RegexOptions.CultureInvariant)]
    private static partial Regex Stamp();

    private static Dictionary<string, List<string>> Expected()
    {
        var all = new Dictionary<string, List<string>>();
        using var gzip = new GZipStream(File.OpenRead(Fixtures.Expected("tcpdump.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null)
                continue;
            using var reader = new StreamReader(entry.DataStream, Encoding.UTF8);
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                // Hex dumps of what tcpdump does not know follow its line; a tunnelled frame's line follows without a time.
                if (!line.StartsWith('\t'))
                    lines.Add(line);
            }

            all[Path.GetFileNameWithoutExtension(entry.Name)] = lines;
        }

        return all;
    }

    [Fact]
    public void Lines_equal_those_of_tcpdump()
    {
        var expected = Expected();
        int equal = 0, different = 0;
        var byStack = new SortedDictionary<string, (int Equal, int Different)>(StringComparer.Ordinal);
        var examples = new StringBuilder();
        byte[] buffer = new byte[TcpdumpLine.SuggestedBuffer];
        foreach (string path in Fixtures.Captures)
        {
            if (!expected.TryGetValue(Path.GetFileName(path), out var lines))
                continue;
            var actual = new List<string>();
            var printer = new TcpdumpLine(LineTime.DateAndTime, SequenceNumbers.Absolute);
            foreach (var packet in FixtureCapture.Read(path))
                actual.AddRange(Encoding.UTF8.GetString(buffer, 0, printer.Write(packet.Frame, buffer)).Split('\n'));
            for (int index = 0; index < lines.Count; index++)
            {
                string got = index < actual.Count ? actual[index] : "(no line)";
                bool same = WithoutInterface(got) == WithoutInterface(lines[index]);
                string stack = Stack(lines[index]);
                byStack.TryGetValue(stack, out var counts);
                byStack[stack] = same ? (counts.Equal + 1, counts.Different) : (counts.Equal, counts.Different + 1);
                if (same)
                {
                    equal++;
                    continue;
                }

                different++;
                examples.AppendLine($"{Path.GetFileName(path)} #{index + 1}\n  tcpdump {lines[index]}\n  netlab  {got}");
            }
        }

        foreach (var (stack, counts) in byStack)
            output.WriteLine($"{stack,-24} {counts.Equal,5} equal {counts.Different,4} different");
        output.WriteLine($"{equal} equal, {different} different: {100.0 * equal / (equal + different):F2} %");
        output.WriteLine(examples.ToString());
        Assert.True(equal >= 0.985 * (equal + different), $"{equal} of {equal + different} lines equal tcpdump's\n{examples}");
    }

    [Fact]
    public void Relative_sequence_numbers_equal_those_of_tcpdump()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump"), "/usr/bin/tcpdump is not installed");
        int equal = 0, different = 0;
        byte[] buffer = new byte[TcpdumpLine.SuggestedBuffer];
        foreach (string path in Fixtures.Captures.Where(path => path.Contains("stream") || path.Contains("http") || path.Contains("print-flags") || path.Contains("whois")))
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/tcpdump", ["-nn", "-t", "-r", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            var printer = new TcpdumpLine(LineTime.None);
            var actual = FixtureCapture.Read(path).Select(packet => Encoding.UTF8.GetString(buffer, 0, printer.Write(packet.Frame, buffer))).ToList();
            for (int index = 0; index < Math.Min(lines.Length, actual.Count); index++)
            {
                if (lines[index] == actual[index])
                {
                    equal++;
                    continue;
                }

                different++;
                output.WriteLine($"{Path.GetFileName(path)} #{index + 1}\n  tcpdump {lines[index]}\n  netlab  {actual[index]}");
            }
        }

        output.WriteLine($"{equal} equal, {different} different");
        Assert.True(equal > 200 && different == 0, $"{different} of {equal + different} lines differ");
    }

    // tcpdump asks the machine it ran on for the names of cooked interfaces; the capture has only their numbers.
    private static string WithoutInterface(string line) => Cooked().Replace(line, "$1if $2");

    [GeneratedRegex(@"^(\S+ \S+ )(?:\?|if\w+) +((?:In|Out|M|B|P) )", RegexOptions.CultureInvariant)]
    private static partial Regex Cooked();

    private static string Stack(string line)
    {
        string text = Stamp().Replace(line, "");
        string network = text.Split(' ', ',')[0];
        string transport = text.Contains("Flags [") ? "TCP" : text.Contains("ICMP") ? "ICMP" : text.Contains("igmp") ? "IGMP"
            : text.Contains("BOOTP") ? "DHCP" : text.Contains("NTPv") ? "NTP" : text.Contains("UDP,") ? "UDP"
            : text.Contains('?') || text.Contains("/0") ? "DNS" : "other";
        return text.Contains("HTTP") ? $"{network} TCP HTTP" : $"{network} {transport}";
    }
}
