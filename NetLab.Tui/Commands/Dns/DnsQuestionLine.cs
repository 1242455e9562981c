using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using NetLab.Core.Dns;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>What <c>netlab dns</c> is asked: a name, types, a server, EDNS.</summary>
/// <param name="Text">The name as it was typed, in the form of IDNA.</param>
/// <param name="Name">The name.</param>
/// <param name="Types">The types; none where none was named.</param>
/// <param name="Server">The server's address; null for those of resolv.conf.</param>
/// <param name="Edns">EDNS; null for a query without.</param>
internal sealed record DnsQuestionLine(string Text, DnsName Name, IReadOnlyList<ushort> Types, IPAddress? Server, DnsEdns? Edns)
{
    public const string EdnsHelp = "EDNS: 'off', or of do, nsid, cookie, pad=OCTETS, subnet=ADDRESS/BITS, size=OCTETS, with commas between.";

    /// <summary>Reads the words of the command line.</summary>
    public static bool TryRead(IReadOnlyList<string> words, string? reverse, string edns, [NotNullWhen(true)] out DnsQuestionLine? line, out string mistake)
    {
        (line, mistake) = (null, "");
        DnsName? name = null;
        string text = "";
        IPAddress? server = null;
        var types = new List<ushort>();
        try
        {
            if (reverse is not null)
                (name, types) = (DnsName.Reverse(Address(reverse)), [DnsType.Ptr]);
            foreach (string word in words)
            {
                if (word.StartsWith('@'))
                    server = Address(word[1..]);
                else if (name is null)
                    name = DnsName.Parse(text = Ascii(word));
                else
                    types.Add(DnsType.TryParse(word, out ushort type) ? type : throw new DnsTextException($"{Shown(word)} is no record type"));
            }

            if (name is null)
                throw new DnsTextException("the name is missing");
            line = new DnsQuestionLine(text, name, types, server, ReadEdns(edns));
            return true;
        }
        catch (DnsTextException wrong)
        {
            mistake = $"{char.ToUpperInvariant(wrong.Message[0])}{wrong.Message[1..]}.";
            return false;
        }
    }

    private static IPAddress Address(string word) =>
        IPAddress.TryParse(word, out var address) ? address : throw new DnsTextException($"{Shown(word)} is no IP address");

    // A name with letters beyond ASCII goes onto the wire in the form of IDNA.
    private static string Ascii(string word)
    {
        if (word.All(char.IsAscii))
            return word;
        try
        {
            return new IdnMapping().GetAscii(word);
        }
        catch (ArgumentException)
        {
            throw new DnsTextException($"the name {Shown(word)} has letters that no domain name may have");
        }
    }

    private static string Shown(string word) => EventText.Printable(word);

    private static DnsEdns? ReadEdns(string list)
    {
        if (list == "off")
            return null;
        var edns = new DnsEdns();
        foreach (string item in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = item.Split('=', 2);
            string value = parts.Length > 1 ? parts[1] : "";
            edns = parts[0] switch
            {
                "do" => edns.WithDnssec(),
                "nsid" => With(edns, new DnsOption(DnsOption.NameServerId, [])),
                "cookie" => With(edns, new DnsOption(DnsOption.Cookie, RandomNumberGenerator.GetBytes(8))),
                "pad" => With(edns, new DnsOption(DnsOption.Padding, new byte[Number(item, value, 0, 4096)])),
                "size" => edns with { BufferSize = (ushort)Number(item, value, 512, ushort.MaxValue) },
                "subnet" => With(edns, Subnet(value)),
                _ => throw new DnsTextException($"--edns knows no {Shown(item)}; it takes off, do, nsid, cookie, pad=, subnet=, size="),
            };
        }

        return edns;
    }

    private static DnsEdns With(DnsEdns edns, DnsOption option) => edns with { Options = edns.Options.Add(option) };

    private static int Number(string item, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new DnsTextException($"{Shown(item)} wants a number from {least} to {most}");

    private static DnsOption Subnet(string value)
    {
        string[] parts = value.Split('/', 2);
        var address = Address(parts[0]);
        int most = 8 * address.GetAddressBytes().Length;
        return DnsOption.OfSubnet(address, parts.Length > 1 ? Number($"subnet={value}", parts[1], 0, most) : most);
    }
}
