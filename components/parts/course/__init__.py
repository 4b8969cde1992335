"""The guided path: eight chapters through the pages, a glossary, a page to print, literature."""
