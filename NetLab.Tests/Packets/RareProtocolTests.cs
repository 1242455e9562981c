using System.Text;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

/// <summary>IGMP, GRE and DHCPv6 beside what tshark 4.0.17 and tcpdump 4.99.3 said of the same files; Golden/Packets holds their words.</summary>
public class RareProtocolTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Packets");
    private static readonly string s_made = Path.Combine(s_folder, "gre-dhcpv6.pcap");

    private static List<string> Compare(Func<string, string?> pathOf, out int equal)
    {
        equal = 0;
        var different = new List<string>();
        var dissection = new Dissection();
        foreach (var file in File.ReadLines(Path.Combine(s_folder, "igmp-gre-dhcpv6.tsv")).Select(line => line.Split('\t')).GroupBy(row => row[0]))
        {
            if (pathOf(file.Key) is not { } path)
                continue;
            var packets = FixtureCapture.Read(path);
            foreach (string[] row in file)
            {
                var packet = packets[int.Parse(row[1]) - 1];
                Dissector.Dissect(packet.Frame, dissection);
                string ours = Values(dissection, row[2], packet.Bytes);
                equal += ours == row[3] ? 1 : 0;
                if (ours != row[3])
                    different.Add($"{row[0]} #{row[1]} {row[2]}: tshark '{row[3]}', netlab '{ours}'");
            }
        }

        return different;
    }

    private static string Values(Dissection dissection, string name, ReadOnlySpan<byte> frame)
    {
        Assert.True(FieldRegistry.TryFind(name, out var wanted), name);
        var line = new Utf8Line(new byte[4096]);
        foreach (var field in dissection.Fields)
        {
            if (field.Definition != wanted[0])
                continue;
            if (line.Length > 0)
                line.Character((byte)',');
            FieldText.WriteValue(ref line, field, frame);
        }

        return Encoding.UTF8.GetString(line.Written);
    }

    [Fact]
    public void Fields_of_made_packets_equal_tsharks()
    {
        var different = Compare(file => file == "gre-dhcpv6.pcap" ? s_made : null, out int equal);
        // A checksum whose offset is cut off behind it: tshark shows it, here the header is cut off.
        Assert.Equal(["gre-dhcpv6.pcap #6 gre.checksum: tshark '0x0000', netlab ''"], different);
        Assert.True(equal > 150, $"{equal}");
    }

    [Fact]
    public void Fields_of_every_fixture_equal_tsharks()
    {
        var different = Compare(file => file == "gre-dhcpv6.pcap" ? null : Fixtures.Captures.Single(path => Path.GetFileName(path) == file), out int equal);
        Assert.Empty(different);
        Assert.True(equal > 1000, $"{equal}");
    }

    [Fact]
    public void Lines_of_made_packets_equal_tcpdumps()
    {
        var printer = new TcpdumpLine(LineTime.TimeOfDay);
        var text = new StringBuilder();
        byte[] room = new byte[4096];
        foreach (var packet in FixtureCapture.Read(s_made))
            text.Append(Encoding.UTF8.GetString(room, 0, printer.Write(packet.Frame, room))).Append('\n');
        Assert.Equal(File.ReadAllText(Path.Combine(s_folder, "gre-dhcpv6.tcpdump.txt")), text.ToString());
    }

    [Fact]
    public void What_is_cut_off_anywhere_never_throws()
    {
        var dissection = new Dissection();
        foreach (var packet in FixtureCapture.Read(s_made))
        {
            for (int length = 0; length < packet.Bytes.Length; length++)
                Dissector.Dissect(new Frame(packet.LinkType, packet.Bytes.AsSpan(0, length), packet.Bytes.Length), dissection);
        }
    }
}
