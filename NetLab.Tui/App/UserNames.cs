using System.Globalization;

namespace NetLab.Tui.App;

/// <summary>The names of users, read once from /etc/passwd; a user who is not there is told by number.</summary>
internal static class UserNames
{
    private static readonly Lazy<Dictionary<uint, string>> s_names = new(Read);

    /// <summary>The user's name.</summary>
    public static string Of(uint id) => s_names.Value.TryGetValue(id, out string? name) ? name : id.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<uint, string> Read()
    {
        var names = new Dictionary<uint, string>();
        string[] lines;
        try
        {
            lines = File.ReadAllLines("/etc/passwd");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return names;
        }

        foreach (string line in lines)
        {
            if (line.Split(':') is [var name, _, var number, ..] && uint.TryParse(number, CultureInfo.InvariantCulture, out uint id))
                names.TryAdd(id, name);
        }

        return names;
    }
}
