"""What the page of a study is made of: verdicts, sentences, tables and figures."""
