using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>The names that a machine gives itself and its neighbours (hosts(5)): asked before any server.</summary>
public sealed class HostsFile
{
    private readonly List<(IPAddress Address, DnsName[] Names)> _lines = [];

    /// <summary>Reads the text of /etc/hosts; lines that are none are passed over, as the C library does.</summary>
    public static HostsFile Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = new HostsFile();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && IPAddress.TryParse(words[0], out var address))
                file._lines.Add((address, [.. words[1..].Select(Name).OfType<DnsName>()]));
        }

        return file;
    }

    /// <summary>What the file says of a question: addresses of a name, or the names of an address.</summary>
    /// <returns>Records with a time to live of 0; none where it says nothing.</returns>
    public IReadOnlyList<DnsRecord> Find(DnsQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.Type switch
        {
            DnsType.A => Addresses(AddressFamily.InterNetwork),
            DnsType.Aaaa => Addresses(AddressFamily.InterNetworkV6),
            DnsType.Ptr => [.. _lines.Where(line => line.Names.Length > 0 && DnsName.Reverse(line.Address).Equals(question.Name))
                .Select(line => new DnsRecord(question.Name, DnsType.ClassIn, 0, DnsData.OfName(DnsType.Ptr, line.Names[0])))],
            _ => [],
        };

        DnsRecord[] Addresses(AddressFamily family) => [.. _lines.Where(line => line.Address.AddressFamily == family && line.Names.Contains(question.Name))
            .Select(line => new DnsRecord(question.Name, DnsType.ClassIn, 0, DnsData.OfAddress(line.Address)))];
    }

    private static DnsName? Name(string word)
    {
        try
        {
            return DnsName.Parse(word);
        }
        catch (DnsTextException)
        {
            return null;
        }
    }
}
